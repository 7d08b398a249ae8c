import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openPostgres } from "../database/open.ts";
import { accounts, environments, projects, sessions as stored } from "../database/schema/index.ts";
import { createFanout } from "../fanout/index.ts";
import { testDatabase } from "../testing/index.ts";
import { waitFor } from "../testing/wait-for.ts";
import { hashSecret } from "./secrets.ts";
import { createSessions } from "./sessions.ts";

const made = await testDatabase();
const database = openPostgres(made.url);
const secrets = { current: randomBytes(32).toString("hex") };
const fanout = createFanout({ database, secrets, log: pino({ level: "silent" }) });
const sessions = createSessions(database, fanout);
afterAll(async () => {
  vi.useRealTimers();
  sessions.close();
  await fanout.close();
  await database.close();
  await made.drop();
});

test("who has read all sessions knows which are over, as far as clocks can tell", async () => {
  const liveAt = Date.now();
  await fanout.look();
  expect(sessions.isOver("lyd_ses_of_ada", liveAt)).toBe(false);
  vi.useFakeTimers({ toFake: ["Date"], now: liveAt + 10 * 60_000 });
  const hear = () => fanout.announce({ type: "access", projectId: "any" });
  await waitFor("all sessions to be read", () => {
    hear();
    return sessions.isOver("lyd_ses_of_ada", liveAt);
  });
  expect(sessions.isOver("lyd_ses_of_ada", Date.now())).toBe(false);
});

test("a session that was ended here, or that the database does not know, is over", async () => {
  expect(sessions.isOver("lyd_ses_of_eda", Date.now())).toBe(false);
  await sessions.end("lyd_ses_of_eda");
  expect(await sessions.find("lyd_ses_of_eve")).toBeUndefined();
  for (const token of ["lyd_ses_of_eda", "lyd_ses_of_eve"])
    expect(sessions.isOver(token, Date.now())).toBe(true);
});

const signIn = async () => (await sessions.start("ada")).token;
const hearOfAccess = () => fanout.announce({ type: "access", projectId: "shop" });

beforeAll(async () => {
  await database.unrecorded((tx) =>
    tx.insert(accounts).values({ id: "ada", email: "ada@example.com", name: "Ada", passwordHash: "" }),
  );
  // Something to count, so that the poll has a word for the listeners.
  await database.raw.insert(projects).values({ id: "shop", key: "shop", name: "Shop" });
  const color = "blue";
  await database.raw
    .insert(environments)
    .values({ id: "live", projectId: "shop", key: "live", name: "Live", color, position: 0 });
});

test("of two readings that overlap the older never wins", async () => {
  const token = await signIn();
  await sessions.find(token);
  await fanout.look();
  const holder = new pg.Client({ connectionString: made.url });
  await holder.connect();
  const busy = async () => {
    const { rows } = await holder.query(
      "select from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()",
    );
    return rows.length > 0;
  };
  await holder.query("begin; lock table memberships in access exclusive mode");
  hearOfAccess();
  await waitFor("a reading to have the session and wait for its roles", async () => {
    const { rows } = await holder.query("select from pg_locks where not granted");
    return rows.length > 0;
  });
  // Another node ends it; who reads now finds no session, so needs no roles.
  await database.unrecorded((tx) => tx.delete(stored).where(eq(stored.tokenHash, hashSecret(token))));
  hearOfAccess();
  await fanout.look();
  await holder.query("commit");
  await waitFor("the readings to end", async () => !(await busy()));
  await holder.end();
  await waitFor("the session to be forgotten", () => sessions.remembered(token) === undefined);
});

test("what was ended here is not remembered again, whoever says so", async () => {
  const token = await signIn();
  await sessions.find(token);
  const known = sessions.all();
  await sessions.end(token);
  sessions.fill(known.map((session) => ({ ...session, confirmedAt: Date.now() })));
  expect(sessions.remembered(token)).toBeUndefined();
});

test("what another node says of a role counts at once, until one is read that is newer", async () => {
  const token = await signIn();
  await sessions.find(token);
  const [session] = sessions.all().filter(({ tokenHash }) => tokenHash === hashSecret(token));
  const say = (role: "viewer" | null, access: number) =>
    fanout.announce({ type: "access", projectId: "shop", access, ended: { member: "ada", role } });
  const rolesReadAt = (access: number) => {
    const own = {
      projectId: "shop",
      projectKey: "shop",
      projectName: "Shop",
      role: "owner" as const,
      access,
    };
    const known = { ...(session as NonNullable<typeof session>), confirmedAt: Date.now() };
    sessions.fill([
      { ...known, tokenHash: hashSecret(`at ${access}`), actor: { ...known.actor, memberships: [own] } },
    ]);
    return () => sessions.remembered(`at ${access}`)?.memberships.map(({ role }) => role);
  };
  const older = rolesReadAt(100);
  expect(older()).toEqual(["owner"]);
  say("viewer", 101);
  expect(older()).toEqual(["viewer"]);
  say(null, 102);
  say("viewer", 101);
  expect(older()).toEqual([]);
  expect(rolesReadAt(101)()).toEqual([]);
  expect(rolesReadAt(102)()).toEqual(["owner"]);
});

test("where there are too many sessions the oldest are forgotten", async () => {
  await database.raw.execute(sql`
    insert into ${stored} (token_hash, account_id, created_at, expires_at)
    select 'old ' || i, 'ada', now() - interval '1 day', now() + interval '1 day' from generate_series(1, 10000) i`);
  const newest = await signIn();
  await waitFor("all sessions to be read", () => {
    hearOfAccess();
    return sessions.remembered(newest) !== undefined;
  });
  await sessions.find(await signIn());
  expect(sessions.remembered(newest)).toBeDefined();
  expect(sessions.all()).toHaveLength(10_000);
});
