import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usageBatches, usageMinutes } from "../../database/schema/index.ts";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";
import { waitFor } from "../../testing/wait-for.ts";
import { MAX_METRICS } from "./merge-metrics.ts";
import { sumUp } from "./merge-usage.ts";

let server: TestServer;
let app: Caller;
let page: Caller;
let owner: Caller;

beforeAll(async () => {
  server = await testServer();
  owner = await setUp(server);
  const shop = shopOf(owner);
  await shop.flag("checkout");
  await shop.flag("banner", { audience: "client" });
  const caller = ({ secret }: { secret: string }) =>
    createCaller(server.origin, { authorization: `Bearer ${secret}` });
  app = caller(await shop.key("server"));
  page = caller(await shop.key("client"));
});
afterAll(() => server.close());

const send = (by: Caller, usage: object[], batchId: string = randomUUID()) =>
  by.call("POST /sdk/v1/events", { body: { batchId, usage: usage as never } });
const row = (flag: string, count: number, more: object = {}) => ({
  flag,
  variation: "on",
  reason: "fallthrough",
  count,
  ...more,
});
async function total(flag: string): Promise<number> {
  const { read } = server.services.database;
  const [sum] = await read
    .select({ count: sql<string>`coalesce(sum(${usageMinutes.count}), 0)` })
    .from(usageMinutes)
    .where(eq(usageMinutes.flagKey, flag));
  return Number(sum?.count);
}

test("a batch counts once, however often it is sent", async () => {
  const batchId = randomUUID();
  const rows = [row("checkout", 3), row("checkout", 4), row("checkout", 5, { variation: null })];
  const answers = await Promise.all([1, 2, 3].map(() => send(app, rows, batchId)));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(await total("checkout")).toBe(12);
});

test("batches that meet add up, in whatever order they name their rows", async () => {
  const before = await total("checkout");
  const rows = ["rule", "target", "fallthrough"].map((reason) => row("checkout", 1, { reason }));
  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all([send(app, rows), send(app, [...rows].reverse())]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  }
  expect(await total("checkout")).toBe(before + 60);
});

test("a public key fills the table with nothing that it may not see", async () => {
  const { status } = await send(page, [
    row("banner", 2),
    row("banner", 3, { variation: null, reason: "type-mismatch" }),
    row("banner", 10, { variation: "made-up" }),
    row("banner", 10, { reason: "made-up" }),
    row("banner", 10, { reason: "constructor" }),
    row("checkout", 1_000),
    row("made-up", 1),
  ]);
  expect(status).toBe(202);
  expect(await total("banner")).toBe(5);
  expect(await total("made-up")).toBe(0);
  expect(await total("checkout")).toBeLessThan(1_000);
});

const track = (by: Caller, metrics: object[], batchId: string = randomUUID()) =>
  by.call("POST /sdk/v1/events", { body: { batchId, usage: [], metrics: metrics as never } });
const tracked = () =>
  owner.ok("GET /api/v1/projects/{project}/environments/{environment}/metrics", {
    params: { project: "shop", environment: "development" },
  });

test("what applications track is summed once a batch, and can be read", async () => {
  const batchId = randomUUID();
  const rows = [
    { metric: "revenue", count: 2, sum: 30.5 },
    { metric: "signup", count: 3, sum: 0 },
    { metric: "revenue", count: 1, sum: -0.5 },
  ];
  for (const by of [app, app, page]) expect((await track(by, rows, batchId)).status).toBe(202);
  expect((await tracked()).metrics).toEqual([
    { metric: "revenue", count: 3, sum: 30, lastSeenAt: expect.any(String) },
    { metric: "signup", count: 3, sum: 0, lastSeenAt: expect.any(String) },
  ]);
});

test("a public key can name only so many metrics, and leaves names to servers", async () => {
  for (let from = 0; from < MAX_METRICS.client + 500; from += 500) {
    const rows = Array.from({ length: 500 }, (_, i) => ({
      metric: `made-up-${from + i}`,
      count: 1,
      sum: 1e300,
    }));
    expect((await track(page, rows)).status).toBe(202);
  }
  expect((await tracked()).metrics).toHaveLength(MAX_METRICS.client);
  const rows = ["revenue", "latency"].map((metric) => ({ metric, count: 1, sum: 1 }));
  expect((await track(app, rows)).status).toBe(202);
  const { metrics } = await tracked();
  expect(metrics).toHaveLength(MAX_METRICS.client + 1);
  expect(metrics).toContainEqual(expect.objectContaining({ metric: "revenue", count: 4 }));
  expect(metrics).toContainEqual(expect.objectContaining({ metric: "latency", count: 1 }));
});

test("a server counts while pages use up all that pages may", async () => {
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  // Each batch of a page meets one of the same id whose fate is open, and waits.
  const batches = [1, 2, 3, 4].map(() => randomUUID());
  const { environmentId } =
    (await server.services.database.read.select().from(usageBatches).limit(1))[0] ?? {};
  await holder.query("begin");
  for (const batchId of batches)
    await holder.query("insert into usage_batches (id, environment_id) values ($1, $2)", [
      `${environmentId}:${batchId}`,
      environmentId,
    ]);
  let answered = 0;
  const sent = batches.map((batchId) => send(page, [], batchId).finally(() => (answered += 1)));
  await waitFor("each page's batch to wait or to be refused", async () => {
    const { rows } = await holder.query("select from pg_locks where not granted");
    return rows.length + answered >= batches.length;
  });
  expect((await send(app, [row("checkout", 1)])).status).toBe(202);
  await holder.query("rollback");
  await holder.end();
  await Promise.all(sent);
});

test("bad batches are refused with each fault, and too large ones", async () => {
  const { status, problem } = await send(app, [row("", 0)], "short");
  expect(status).toBe(400);
  expect(problem.errors?.map(({ path }) => path).sort()).toEqual([
    "/batchId",
    "/usage/0/count",
    "/usage/0/flag",
  ]);
  const large = await send(
    app,
    Array.from({ length: 3_000 }, () => row("x".repeat(100), 1)),
  );
  expect(large.problem).toMatchObject({ status: 413, code: "body-too-large" });
});

test("sums are one row a key, sorted", () => {
  expect(sumUp([row("b", 1), row("a", 2), row("b", 3)])).toEqual([row("a", 2), row("b", 4)]);
});
