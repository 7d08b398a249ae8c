import type { Role } from "@lanyard/contract";
import { and, eq, gt } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { accounts, memberships, projects, sessions } from "../database/schema/index.ts";
import type { UserActor } from "./actor.ts";
import { hashSecret, newSecret } from "./secrets.ts";

const SESSION_HOURS = 12 * 24;
/** How long a session seen by this node may still kill while the database is away. */
const REMEMBERED_MS = 8 * 3_600_000;
const REMEMBERED_MAX = 10_000;

/** Signed-in people: hashed tokens in the database, and those this node has seen in memory. */
export interface Sessions {
  /** Returns the cookie's token; the database keeps its hash only. */
  start(accountId: string): Promise<{ token: string; expiresAt: Date }>;
  end(token: string): Promise<void>;
  /** Undefined when there is no such session, or it is over. Throws when the database is away. */
  find(token: string): Promise<UserActor | undefined>;
  /** What `find` last said of it here; for the kill lane, which must not need the database. */
  remembered(token: string): UserActor | undefined;
}

export function createSessions(database: Database): Sessions {
  const seen = new Map<string, { actor: UserActor; at: number }>();
  return {
    async start(accountId) {
      const token = newSecret("lyd_ses_");
      const expiresAt = new Date(Date.now() + SESSION_HOURS * 3_600_000);
      await database.unrecorded((tx) =>
        tx.insert(sessions).values({ tokenHash: hashSecret(token), accountId, expiresAt }),
      );
      return { token, expiresAt };
    },
    async end(token) {
      const tokenHash = hashSecret(token);
      seen.delete(tokenHash);
      await database.unrecorded((tx) => tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash)));
    },
    async find(token) {
      const tokenHash = hashSecret(token);
      const actor = await readActor(database, tokenHash);
      seen.delete(tokenHash);
      if (!actor) return undefined;
      if (seen.size >= REMEMBERED_MAX) seen.delete(seen.keys().next().value ?? "");
      seen.set(tokenHash, { actor, at: Date.now() });
      return actor;
    },
    remembered(token) {
      const entry = seen.get(hashSecret(token));
      return entry && Date.now() - entry.at < REMEMBERED_MS ? entry.actor : undefined;
    },
  };
}

async function readActor(database: Database, tokenHash: string): Promise<UserActor | undefined> {
  const rows = await database.read
    .select({ account: accounts, membership: memberships, project: projects })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .leftJoin(memberships, eq(memberships.accountId, accounts.id))
    .leftJoin(projects, eq(projects.id, memberships.projectId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, new Date())));
  const first = rows[0];
  if (!first) return undefined;
  return {
    kind: "user",
    id: first.account.id,
    name: first.account.name,
    email: first.account.email,
    instanceAdmin: first.account.instanceAdmin,
    memberships: rows.flatMap(({ membership, project }) =>
      membership && project
        ? [
            {
              projectId: project.id,
              projectKey: project.key,
              projectName: project.name,
              role: membership.role as Role,
            },
          ]
        : [],
    ),
  };
}
