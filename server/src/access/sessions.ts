import type { Role } from "@lanyard/contract";
import { and, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { createRereads } from "../database/reread.ts";
import { accounts, environments, memberships, projects, sessions } from "../database/schema/index.ts";
import type { EndedAccess, Fanout } from "../fanout/index.ts";
import type { UserActor } from "./actor.ts";
import { Newest } from "./newest.ts";
import { hashSecret, newSecret } from "./secrets.ts";

/** How long a session lasts, and its cookie. */
export const SESSION_SECONDS = 12 * 24 * 3_600;
/** How long a session that the database confirmed may still kill while the database is away. */
export const REMEMBERED_MS = 8 * 3_600_000;
const REMEMBERED_MAX = 10_000;
const REMEMBER_EVERY_MS = 30_000;
/** By how much the clocks of two nodes may differ. */
const CLOCKS_APART_MS = 5 * 60_000;

/** A session as this node remembers it; the token is known by its hash only. */
export interface RememberedSession {
  tokenHash: string;
  actor: UserActor;
  /** When the database last confirmed it, and when it is over, in epoch milliseconds. */
  confirmedAt: number;
  expiresAt: number;
}

interface Told {
  role: Role | null;
  /** The project's access counter with that change. */
  access: number;
}

/** Signed-in people: hashed tokens in the database, and in memory for when that is away. */
export interface Sessions {
  /** Returns the cookie's token; the database keeps its hash only. */
  start(accountId: string): Promise<{ token: string; expiresAt: Date }>;
  /** On every node, which cuts the streams that it holds open. */
  end(token: string): Promise<void>;
  /** Undefined when there is no such session, or it is over. Throws when the database is away. */
  find(token: string): Promise<UserActor | undefined>;
  /** Whether asking the database makes sense now. */
  readonly databaseUp: boolean;
  /** What the database last said of it; for the kill lane, which must not need the database. */
  remembered(token: string): UserActor | undefined;
  /** Whether a session that was live then, in epoch milliseconds, and is not remembered is known to be over. */
  isOver(token: string, liveAt: number): boolean;
  /** For the copy in the data folder, and back. */
  all(): RememberedSession[];
  fill(known: RememberedSession[]): void;
  close(): void;
}

export function createSessions(database: Database, fanout: Fanout): Sessions {
  let seen = new Map<string, RememberedSession>();
  /** What this node, or the database by its word, has ended; the newest. */
  const over = new Newest<true>(REMEMBERED_MAX);
  const forget = (tokenHash: string) => {
    seen.delete(tokenHash);
    over.set(tokenHash, true);
  };
  /** Roles that this node was told of, by account and project. */
  const told = new Newest<Told>(REMEMBERED_MAX);
  const withTold = ({ actor, ...session }: RememberedSession): RememberedSession => {
    const memberships = actor.memberships.flatMap((membership) => {
      const word = told.get(`${actor.id} ${membership.projectId}`);
      // A role that was read later is a newer word.
      if (!word || membership.access >= word.access) return membership;
      return word.role === null ? [] : { ...membership, role: word.role, access: word.access };
    });
    return { ...session, actor: { ...actor, memberships } };
  };
  /** When all live sessions were last read, in epoch milliseconds. */
  let completeAt = 0;
  /** Never what has ended meanwhile, nor an older word over a newer one. */
  const remember = (session: RememberedSession) => {
    const { tokenHash, confirmedAt } = session;
    if (over.has(tokenHash) || confirmedAt < (seen.get(tokenHash)?.confirmedAt ?? completeAt)) return;
    seen.delete(tokenHash);
    if (seen.size >= REMEMBERED_MAX) seen.delete(seen.keys().next().value ?? "");
    seen.set(tokenHash, withTold(session));
  };
  /** Also what other nodes signed in: a load balancer sends the kill anywhere. */
  const { reload, settled } = createRereads(async () => {
    const readAt = Date.now();
    const known = await readSessions(database);
    completeAt = known.length < REMEMBERED_MAX ? readAt : 0;
    const foundMeanwhile = [...seen.values()].filter(({ confirmedAt }) => confirmedAt > readAt);
    seen = new Map();
    // The oldest first, since these are the first to be forgotten.
    for (const session of [...known.reverse(), ...foundMeanwhile]) remember(session);
  });
  const end = (ended: EndedAccess, { projectId, access = 0 }: { projectId: string; access?: number }) => {
    if ("session" in ended) forget(ended.session);
    if (!("member" in ended)) return;
    const place = `${ended.member} ${projectId}`;
    if ((told.get(place)?.access ?? 0) <= access) told.set(place, { role: ended.role, access });
    for (const session of seen.values())
      if (session.actor.id === ended.member) seen.set(session.tokenHash, withTold(session));
  };
  fanout.listen((announcement) => {
    // The poll's word that the database answers: what failed before is tried again.
    if (announcement.type === "counters") settled().catch(() => {});
    if (announcement.type !== "access") return;
    if (announcement.ended) end(announcement.ended, announcement);
    reload().catch(() => {});
  });
  const timer = setInterval(() => {
    if (fanout.databaseUp) reload().catch(() => {});
  }, REMEMBER_EVERY_MS);
  return {
    async start(accountId) {
      const token = newSecret("lyd_ses_");
      const expiresAt = new Date(Date.now() + SESSION_SECONDS * 1_000);
      await database.unrecorded((tx) =>
        tx.insert(sessions).values({ tokenHash: hashSecret(token), accountId, expiresAt }),
      );
      return { token, expiresAt };
    },
    async end(token) {
      const tokenHash = hashSecret(token);
      forget(tokenHash);
      const [session] = await readSessions(database, tokenHash);
      await database.unrecorded((tx) => tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash)));
      for (const { projectId } of session?.actor.memberships ?? [])
        fanout.announce({ type: "access", projectId, ended: { session: tokenHash } });
    },
    async find(token) {
      const tokenHash = hashSecret(token);
      const [session] = await readSessions(database, tokenHash);
      if (session) remember(session);
      else forget(tokenHash);
      return session?.actor;
    },
    get databaseUp() {
      return fanout.databaseUp;
    },
    remembered(token) {
      const session = seen.get(hashSecret(token));
      const now = Date.now();
      if (!session || now > session.expiresAt || now - session.confirmedAt > REMEMBERED_MS) return undefined;
      return session.actor;
    },
    isOver: (token, liveAt) => over.has(hashSecret(token)) || liveAt + CLOCKS_APART_MS < completeAt,
    all: () => [...seen.values()],
    fill(known) {
      for (const session of known) if (!seen.has(session.tokenHash)) remember(session);
    },
    close: () => clearInterval(timer),
  };
}

/** Live sessions, newest first, or the one of that hash. */
async function readSessions(database: Database, tokenHash?: string): Promise<RememberedSession[]> {
  const confirmedAt = Date.now();
  const rows = await database.read
    .select({ session: sessions, account: accounts })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(
      and(
        gt(sessions.expiresAt, new Date()),
        tokenHash === undefined ? undefined : eq(sessions.tokenHash, tokenHash),
      ),
    )
    // All last equally long, so the last to end is the newest.
    .orderBy(desc(sessions.expiresAt))
    .limit(REMEMBERED_MAX);
  const roles = await readMemberships(database, [...new Set(rows.map(({ account }) => account.id))]);
  return rows.map(({ session, account: { id, name, email, instanceAdmin } }) => ({
    tokenHash: session.tokenHash,
    confirmedAt,
    expiresAt: session.expiresAt.getTime(),
    actor: { kind: "user", id, name, email, instanceAdmin, memberships: roles.get(id) ?? [] },
  }));
}

async function readMemberships(database: Database, accountIds: string[]) {
  const byAccount = new Map<string, UserActor["memberships"]>();
  if (accountIds.length === 0) return byAccount;
  // In the statement that reads the role: a counter read later could be of a later role.
  const access = sql`(
    select coalesce(max(${environments.access}), 0) from ${environments}
    where ${environments.projectId} = ${projects.id})`.mapWith(Number);
  const rows = await database.read
    .select({ membership: memberships, project: projects, access })
    .from(memberships)
    .innerJoin(projects, eq(projects.id, memberships.projectId))
    .where(inArray(memberships.accountId, accountIds));
  for (const { membership, project, access } of rows) {
    const known = byAccount.get(membership.accountId) ?? [];
    const role = membership.role as Role;
    known.push({ projectId: project.id, projectKey: project.key, projectName: project.name, role, access });
    byAccount.set(membership.accountId, known);
  }
  return byAccount;
}
