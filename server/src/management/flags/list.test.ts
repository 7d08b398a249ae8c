import type { RouteInput } from "@lanyard/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { recordedKill } from "../../testing/recorded-kill.ts";

const LIST = "GET /api/v1/projects/{project}/flags";
const FLAGS = 10_000;
/** Promised for any list of ten thousand flags. */
const LIMIT_MS = 200;
const params = { project: "shop" };
let server: TestServer;
let ada: Caller;

type Query = Partial<RouteInput<typeof LIST>["query"]>;
const list = (query: Query) => ada.ok(LIST, { params, query: query as RouteInput<typeof LIST>["query"] });

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  await multiply();
});
afterAll(() => server.close());

/** One flag that went through the door, with rules in it, copied in the database. */
async function multiply() {
  await ada.ok("POST /api/v1/projects/{project}/flags", { params, body: { key: "model", name: "Model" } });
  const rules = Array.from({ length: 5 }, (_, i) => ({
    id: `r${i}`,
    when: { all: [{ attribute: "country", operator: "in", values: ["NO", "SE", "DK"] }] },
    serve: { variation: "on" },
  }));
  await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
    params: { ...params, flag: "model", environment: "development" },
    body: { on: true, rules },
  });
  const run = (statement: ReturnType<typeof sql>) => server.services.database.raw.execute(statement);
  await run(sql`
    insert into flags (id, project_id, key, type, seed, name, description, purpose, owner, tags, created_at, updated_at)
    select 'copy_' || n, project_id, 'flag-' || lpad(n::text, 5, '0'), type, seed || n, 'Flag ' || n, 'Number ' || n,
      purpose, 'team-' || n % 7, array['area-' || n % 20], created_at, created_at + n % 50 * interval '1 second'
    from flags, generate_series(1, ${FLAGS - 1}::int) n where key = 'model'`);
  await run(sql`
    insert into flag_revisions (flag_id, environment_id, number, content, hash, change_id, created_at)
    select 'copy_' || n, environment_id, 1, content, hash, change_id, created_at
    from flag_revisions r, generate_series(1, ${FLAGS - 1}::int) n
    where number = (select max(number) from flag_revisions where environment_id = r.environment_id)`);
  await run(sql`
    insert into flag_heads (flag_id, environment_id, number, turned_on)
    select 'copy_' || n, environment_id, 1, turned_on from flag_heads, generate_series(1, ${FLAGS - 1}::int) n`);
  await run(sql`analyze`);
}

test("pages through all of them, each once, by key and by time of change", { timeout: 60_000 }, async () => {
  const ways = [
    { query: { sort: "key" as const }, count: FLAGS },
    { query: { sort: "updated" as const, tag: "area-3" }, count: FLAGS / 20 },
  ];
  for (const { query, count } of ways) {
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list({
        ...query,
        limit: 200,
        ...(cursor && { cursor }),
      });
      expect(page.total).toBe(count);
      seen.push(...page.items.map(({ key }) => key));
      cursor = page.cursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([count, count]);
    if (query.sort === "key") expect(seen).toEqual([...seen].sort());
  }
});

test("finds by words, tag, owner and state", async () => {
  const kill = { project: "shop", environments: ["production"], flags: ["model"], reason: "a test" };
  await recordedKill(ada, kill);
  const keys = async (query: Query) => (await list(query)).items.map(({ key }) => key);
  expect(await keys({ search: "NUMBER 9999" })).toEqual(["flag-09999"]);
  expect(await keys({ search: "flag_" })).toEqual([]);
  expect(await keys({ tag: "area-7", owner: "team-0", limit: 1 })).toEqual(["flag-00007"]);
  expect(await keys({ state: "killed", environment: "production" })).toEqual(["model"]);
  expect((await list({ state: "off", environment: "production" })).total).toBe(FLAGS - 1);
  expect((await list({ state: "on", environment: "development" })).total).toBe(FLAGS);
  expect((await list({ audience: "client" })).total).toBe(0);
  expect((await list({})).tags).toHaveLength(20);
});

test(`answers any of it within ${LIMIT_MS} ms`, { timeout: 60_000 }, async () => {
  const queries: Query[] = [
    {},
    { sort: "updated" },
    { search: "number 77" },
    { state: "on", environment: "development" },
    { state: "off", environment: "production", search: "flag" },
    { audience: "server", tag: "area-3" },
  ];
  for (const query of queries) {
    let best = Number.POSITIVE_INFINITY;
    // The best of many is the product's own time; the rest is what else this machine was doing.
    for (let i = 0; i < 30 && best >= LIMIT_MS; i += 1) {
      const started = performance.now();
      await list(query);
      best = Math.min(best, performance.now() - started);
    }
    expect(best, JSON.stringify(query)).toBeLessThan(LIMIT_MS);
  }
});

test("a new environment takes all of them at once", async () => {
  const body = { key: "staging", name: "Staging", color: "orange" as const };
  const made = await ada.ok("POST /api/v1/projects/{project}/environments", { params, body });
  expect(made.revision).toBe(1);
  expect((await list({ state: "off", environment: "staging" })).total).toBe(FLAGS);
});
