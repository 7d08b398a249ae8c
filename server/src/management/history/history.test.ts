import type { RouteInput } from "@lanyard/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { waitFor } from "../../testing/wait-for.ts";

const CHANGES = "GET /api/v1/projects/{project}/changes";
const params = { project: "shop" };
let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  for (const key of ["a", "b"])
    await ada.ok("POST /api/v1/projects/{project}/flags", { params, body: { key, name: key } });
  await turn("a", "development", true);
  await turn("a", "production", true);
  await turn("b", "development", true);
});
afterAll(() => server.close());

const turn = (flag: string, environment: string, on: boolean) =>
  ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
    params: { ...params, flag, environment },
    body: { on, message: "a test" },
  });
const list = async (query: Partial<RouteInput<typeof CHANGES>["query"]>) =>
  ada.ok(CHANGES, { params, query: query as RouteInput<typeof CHANGES>["query"] });

test("is read newest first, in pages without gap or repetition", async () => {
  const first = await list({ limit: 4 });
  expect(first.items.map(({ sequence }) => sequence)).toEqual([6, 5, 4, 3]);
  const second = await list({ limit: 4, cursor: first.cursor ?? "" });
  expect(second.items.map(({ sequence }) => sequence)).toEqual([2, 1]);
  expect(second.cursor).toBeNull();
});

test("of a flag, and of an environment with what was published into it", async () => {
  expect((await list({ flag: "a" })).items.map(({ action, environment }) => [action, environment])).toEqual([
    ["flag.targeting.saved", "production"],
    ["flag.targeting.saved", "development"],
    ["flag.created", null],
  ]);
  expect((await list({ environment: "production" })).items.map(({ sequence }) => sequence)).toEqual([
    5, 3, 2,
  ]);
});

test("shows one change with what was before and after", async () => {
  const [newest] = (await list({ limit: 1 })).items;
  const change = await ada.ok("GET /api/v1/projects/{project}/changes/{change}", {
    params: { ...params, change: newest?.id ?? "" },
  });
  expect(change).toMatchObject({
    subject: { kind: "flag", key: "b" },
    before: { on: false },
    after: { on: true },
  });
});

test("usage that SDKs counted is summed by variation, minute by minute", async () => {
  const { secret } = await ada.ok("POST /api/v1/projects/{project}/keys", {
    params,
    body: { kind: "server", name: "app", environment: "development" },
  });
  const app = createCaller(server.origin, { authorization: `Bearer ${secret}` });
  const usage = [
    { flag: "a", variation: "on", reason: "fallthrough", count: 40 },
    { flag: "a", variation: "off", reason: "killed", count: 2 },
    { flag: "a", variation: null, reason: "type-mismatch", count: 1 },
  ];
  await waitFor("the key", async () => {
    const { status } = await app.call("POST /sdk/v1/events", { body: { batchId: "batch-one", usage } });
    return status === 202;
  });
  const read = () =>
    ada.ok("GET /api/v1/projects/{project}/flags/{flag}/environments/{environment}/usage", {
      params: { ...params, flag: "a", environment: "development" },
      query: { minutes: 5 },
    });
  const found = await waitFor("the sums", async () => {
    const answer = await read();
    return answer.totals.length === 3 && answer;
  });
  expect(found.totals).toEqual([
    { variation: "on", reason: "fallthrough", count: 40 },
    { variation: "off", reason: "killed", count: 2 },
    { variation: null, reason: "type-mismatch", count: 1 },
  ]);
  expect(found.minutes).toHaveLength(5);
  expect(found.minutes.map(({ counts }) => counts.on ?? 0).reduce((a, b) => a + b)).toBe(40);
  expect(Date.parse(found.lastSeenAt ?? "")).toBeGreaterThan(Date.now() - 120_000);
});
