import type { Role } from "@lanyard/contract";
import type { Counters, Fanout, Signer } from "../fanout/index.ts";
import type { UserActor } from "./actor.ts";
import { roleAllows } from "./permissions.ts";
import { hashSecret } from "./secrets.ts";
import { REMEMBERED_MS, type Sessions } from "./sessions.ts";

/** Where a pass was sealed for: worth nothing as a message between nodes. */
const PLACE = "kill pass";
export const KILL_PASS_SECONDS = REMEMBERED_MS / 1_000;
const RENEW_AFTER_MS = 15 * 60_000;
/** What a cookie of 4,096 bytes has room for. */
const PROJECTS_MAX = 40;

/**
 * The signed word of a node that the database confirmed a person a moment ago: with it they kill through any node while
 * the database is away, also one that never saw their session. It is good for hours, only together with the session's
 * own cookie, and for a project no longer than its keys and members stay as they were.
 */
export interface KillPasses {
  /** For a person whom the database has just confirmed. */
  make(sessionToken: string, actor: UserActor): string;
  /** Whether the pass still says what a new one would. */
  isCurrent(pass: string, sessionToken: string, actor: UserActor): boolean;
  /** Who carries it, with the roles that it is still good for; undefined when there are none. */
  open(pass: string, sessionToken: string): UserActor | undefined;
  /** For the copy in the data folder, and back. */
  all(): KnownAccess[];
  fill(known: KnownAccess[]): void;
}

/** An environment's access counter as this node knows it. */
export interface KnownAccess {
  environmentId: string;
  projectId: string;
  projectKey: string;
  access: number;
}

/** What is signed; members are short since a cookie is. */
interface Content {
  account: string;
  name: string;
  /** Of the session's token. */
  session: string;
  /** In epoch milliseconds. */
  at: number;
  roles: [projectId: string, role: Role, access: number][];
}

export function createKillPasses(
  signer: Signer,
  fanout: Pick<Fanout, "listen">,
  sessions: Pick<Sessions, "isOver">,
): KillPasses {
  const known = new Map<string, KnownAccess>();
  /** What a node said of a project's counter, and when on the monotonic clock. */
  const told = new Map<string, { access: number; at: number }>();
  const withTold = (each: KnownAccess): KnownAccess => ({
    ...each,
    access: Math.max(each.access, told.get(each.projectId)?.access ?? 0),
  });
  fanout.listen((announcement) => {
    if (announcement.type === "counters") read(announcement.environmentId, announcement.counters);
    if (announcement.type === "access" && announcement.access !== undefined)
      tell(announcement.projectId, announcement.access);
  });

  function read(environmentId: string, { projectId, projectKey, access, readAt }: Counters) {
    if (readAt < (told.get(projectId)?.at ?? readAt)) return;
    told.delete(projectId);
    known.set(environmentId, { environmentId, projectId, projectKey, access });
  }

  function tell(projectId: string, access: number) {
    const newest = Math.max(access, told.get(projectId)?.access ?? 0);
    told.set(projectId, { access: newest, at: performance.now() });
    for (const each of known.values())
      if (each.projectId === projectId) known.set(each.environmentId, withTold(each));
  }

  function contentOf(pass: string, sessionToken: string): Content | undefined {
    const text = signer.open(PLACE, pass);
    if (text === undefined) return undefined;
    const content = JSON.parse(Buffer.from(text, "base64url").toString()) as Content;
    const isOver = Date.now() - content.at > KILL_PASS_SECONDS * 1_000;
    return isOver || content.session !== sessionOf(sessionToken) ? undefined : content;
  }

  /** The project, unless its keys or members have changed since. */
  function unchanged(projectId: string, access: number): KnownAccess | undefined {
    const own = [...known.values()].filter((each) => each.projectId === projectId);
    return own.every((each) => each.access <= access) ? own[0] : undefined;
  }

  return {
    make(sessionToken, actor) {
      const { id: account, name } = actor;
      const session = sessionOf(sessionToken);
      const content: Content = { account, name, session, at: Date.now(), roles: rolesOf(actor) };
      return signer.seal(PLACE, Buffer.from(JSON.stringify(content)).toString("base64url"));
    },
    isCurrent(pass, sessionToken, actor) {
      const content = contentOf(pass, sessionToken);
      return (
        content !== undefined &&
        Date.now() - content.at < RENEW_AFTER_MS &&
        JSON.stringify(content.roles) === JSON.stringify(rolesOf(actor))
      );
    },
    open(pass, sessionToken) {
      const content = contentOf(pass, sessionToken);
      if (!content || sessions.isOver(sessionToken, content.at)) return undefined;
      const memberships = content.roles.flatMap(([projectId, role, access]) => {
        const projectKey = unchanged(projectId, access)?.projectKey;
        // A pass has no room for names; the kill lane asks for none.
        return projectKey === undefined
          ? []
          : [{ projectId, projectKey, projectName: projectKey, role, access }];
      });
      if (memberships.length === 0) return undefined;
      const { account: id, name } = content;
      return { kind: "user", id, name, email: "", instanceAdmin: false, memberships };
    },
    all: () => [...known.values()],
    fill(stored) {
      for (const each of stored)
        if (!known.has(each.environmentId)) known.set(each.environmentId, withTold(each));
    },
  };
}

/** Where the person may kill; of very many projects the newest. */
function rolesOf({ memberships }: UserActor): Content["roles"] {
  return memberships
    .filter(({ role }) => roleAllows(role, "kill"))
    .map(({ projectId, role, access }): Content["roles"][number] => [projectId, role, access])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(-PROJECTS_MAX);
}

function sessionOf(token: string): string {
  return hashSecret(token).slice(0, 22);
}
