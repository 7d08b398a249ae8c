import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environments, projects } from "../../database/schema/index.ts";
import {
  type Caller,
  createCaller,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../../testing/index.ts";
import { findBreak } from "./index.ts";

const SAVE = "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}";
const CHANGES = "GET /api/v1/projects/{project}/changes";
const shop = { project: "shop" };
const place = { ...shop, flag: "busy", environment: "development" };
let database: TestDatabase;
let servers: TestServer[];
let callers: Caller[];

beforeAll(async () => {
  database = await testDatabase();
  const options = { databaseUrl: database.url, secret: "the same on every node, long enough" };
  servers = [await testServer(options), await testServer(options)];
  const ada = await setUp(servers[0] as TestServer);
  callers = servers.map(({ origin }) => createCaller(origin, ada.headers));
  await ada.ok("POST /api/v1/projects/{project}/flags", {
    params: shop,
    body: { key: "busy", name: "Busy" },
  });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await database.drop();
});

const on = (i: number) => callers[i % callers.length] as Caller;
const reader = () => (servers[0] as TestServer).services.database.raw;
const targets = (i: number) => [{ unit: "targetingKey", variation: "on", values: [`u-${i}`] }];

test("thirty saves at once on two nodes make thirty revisions without a gap", async () => {
  const saves = Array.from({ length: 30 }, (_, i) =>
    on(i).ok(SAVE, { params: place, body: { targets: targets(i) } }),
  );
  const revisions = (await Promise.all(saves)).map((flag) => flag.environments.development?.revision);
  expect(revisions.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 2));
  const { items } = await on(0).ok(CHANGES, { params: shop, query: { flag: "busy", limit: 200 } });
  const own = items.filter(({ environment }) => environment !== "production");
  expect(own.map(({ subjectRevision }) => subjectRevision)).toEqual(
    Array.from({ length: 31 }, (_, i) => 31 - i),
  );
});

test("a save writes the row of the environment that it publishes to, and no other", async () => {
  const writers = async () => {
    const rows = await reader()
      .select({ key: environments.key, writer: sql<string>`${environments}.xmin::text` })
      .from(environments);
    return new Map(rows.map(({ key, writer }) => [key, writer]));
  };
  const before = await writers();
  const production = { ...place, environment: "production" };
  await on(0).ok(SAVE, { params: production, body: { targets: targets(1_000), message: "one place" } });
  const after = await writers();
  expect(after.get("production")).not.toBe(before.get("production"));
  expect(after.get("development")).toBe(before.get("development"));
});

test("a hundred saves that wait leave connections to everybody else", { timeout: 60_000 }, async () => {
  let saved = 0;
  const saves = Array.from({ length: 100 }, async (_, i) => {
    const { status } = await on(0).call(SAVE, {
      params: { ...place, environment: "production" },
      body: { targets: targets(i), message: "busy" },
    });
    saved += 1;
    return status;
  });
  await on(0).ok("GET /api/v1/projects/{project}/flags", { params: shop });
  const savedBefore = saved;
  expect(new Set(await Promise.all(saves))).toEqual(new Set([200]));
  expect(savedBefore).toBeLessThan(50);
});

test("of ten saves based on the same revision one is kept", async () => {
  const saves = Array.from({ length: 10 }, (_, i) =>
    on(i).call(SAVE, {
      params: place,
      body: { targets: targets(100 + i) },
      headers: { "if-match": '"31"' },
    }),
  );
  const statuses = (await Promise.all(saves)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
});

test("two halves of a circle saved at once do not make one", async () => {
  for (const key of ["hen", "egg"])
    await on(0).ok("POST /api/v1/projects/{project}/flags", { params: shop, body: { key, name: key } });
  const need = (i: number, flag: string, other: string) =>
    on(i).call(SAVE, {
      params: { ...place, flag },
      body: { prerequisites: [{ flag: other, variations: ["on"] }] },
    });
  const answers = await Promise.all([need(0, "hen", "egg"), need(1, "egg", "hen")]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test("every revision of an environment has its change, and every change its revision", async () => {
  const { rows } = (await reader().execute(sql`
    select e.key,
      e.revision::int = count(distinct p.revision)::int as "noGap",
      count(*) filter (where c.id is null or (c.revisions ->> e.id)::int is distinct from p.revision)::int as "orphans"
    from ${environments} e
    join publications p on p.environment_id = e.id
    left join changes c on c.id = p.change_id
    group by e.id, e.key, e.revision order by e.key`)) as unknown as { rows: unknown[] };
  expect(rows).toEqual([
    { key: "development", noGap: true, orphans: 0 },
    { key: "production", noGap: true, orphans: 0 },
  ]);
});

test("the record is a chain; whoever rewrites it is stopped, or shows", async () => {
  const [project] = await reader().select().from(projects).where(eq(projects.key, "shop"));
  const id = project?.id ?? "";
  expect(await findBreak(reader(), id)).toBeUndefined();
  const rewrite = () => reader().execute(sql`update changes set message = 'nothing' where sequence = 5`);
  await expect(rewrite()).rejects.toThrow();
  await reader().execute(sql`alter table changes disable trigger changes_append_only`);
  await rewrite();
  expect(await findBreak(reader(), id)).toMatch(/^change 5 /);
  await reader().execute(sql`update changes set message = '' where sequence = 5`);
  expect(await findBreak(reader(), id)).toBeUndefined();
  await reader().execute(sql`delete from changes where sequence = (select max(sequence) from changes)`);
  expect(await findBreak(reader(), id)).toMatch(/the record ends at/);
});
