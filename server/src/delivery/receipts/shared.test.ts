import { randomBytes } from "node:crypto";
import { DRILL_FLAG } from "@lanyard/evaluation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Caller,
  createCaller,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../../testing/index.ts";
import { type TestInstance, testInstance } from "../../testing/instances.ts";
import { type Plug, plugInto } from "../../testing/plug.ts";
import type { Frame } from "../../testing/sdk-stream.ts";
import { shopOf } from "../../testing/shop.ts";
import { waitFor } from "../../testing/wait-for.ts";

const DRILL_EVERY_MS = 3_000;

/** Two nodes on one PostgreSQL and one Redis, drilling all the time. */
let database: TestDatabase;
let redis: Plug;
let a: TestServer;
let b: TestServer;
let ada: Caller;
let pagers: { a: Caller; b: Caller };
let key: string;

beforeAll(async () => {
  database = await testDatabase();
  redis = await plugInto(process.env.TEST_REDIS_URL ?? "");
  const options = {
    databaseUrl: database.url,
    redisUrl: redis.url,
    secret: randomBytes(32).toString("hex"),
    drillEveryMs: DRILL_EVERY_MS,
  };
  a = await testServer(options);
  ada = await setUp(a);
  const shop = shopOf(ada);
  await shop.flag("checkout");
  key = (await shop.key("server")).secret;
  const { secret } = await shop.key("kill");
  b = await testServer(options);
  const pagerOf = ({ origin }: TestServer) => createCaller(origin, { authorization: `Bearer ${secret}` });
  pagers = { a: pagerOf(a), b: pagerOf(b) };
});
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
  await redis.close();
  await database.drop();
});

const instancesAt = ({ origin }: TestServer) =>
  createCaller(origin, ada.headers).ok(
    "GET /api/v1/projects/{project}/environments/{environment}/instances",
    {
      params: { project: "shop", environment: "development" },
    },
  );
const killPageAt = ({ origin }: TestServer) =>
  createCaller(origin, ada.headers).ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
const isKnownTo = async (node: TestServer, { id }: TestInstance) =>
  (await instancesAt(node)).items.some((item) => item.id === id);
const end = async (...instances: TestInstance[]) => {
  for (const instance of instances) {
    await instance.say({ leaving: true });
    await instance.stream.close();
  }
};
const kill = (by: Caller, wait: string) =>
  by.ok("POST /api/v1/kills", {
    query: { wait },
    body: {
      project: "shop",
      environments: ["development"],
      // Who kills the same twice kills once; these are to be several.
      flags: ["checkout", `gone-${randomBytes(8).toString("hex")}`],
      reason: "it burns",
    },
  });
/** Confirms the next kill that is no drill. */
const confirmNext = async ({ stream, say }: TestInstance) => {
  const since = performance.now();
  const isNew = ({ at, data }: Frame) => at >= since && data.elements[0].flag !== DRILL_FLAG;
  const { data } = await stream.next("kill", isNew);
  await say({ kills: [{ id: data.elements[0].id, heldMs: 0 }] });
};

describe("with Redis", () => {
  test("every node knows the instances of all, whichever took their word", async () => {
    const atA = await testInstance(a.origin, key, { receiptsTo: b.origin, host: "web-1" });
    for (const node of [a, b]) await waitFor("the instance", () => isKnownTo(node, atA));
    await end(atA);
    for (const node of [a, b]) await waitFor("its leaving", async () => !(await isKnownTo(node, atA)));
  });

  test("a kill on one node waits for the instances of the other, whoever took their word", async () => {
    const atA = await testInstance(a.origin, key, { receiptsTo: b.origin });
    const atB = await testInstance(b.origin, key, { receiptsTo: a.origin });
    for (const one of [atA, atB]) await waitFor("the instance", () => isKnownTo(a, one));
    const [{ receipts }] = await Promise.all([kill(pagers.a, "10s"), confirmNext(atA), confirmNext(atB)]);
    expect(receipts).toMatchObject({ seen: 2, confirmed: 2, stragglers: [] });
    await end(atA, atB);
  });

  test("a kill names an instance of the other node that has fallen silent", async () => {
    const gone = await testInstance(b.origin, key, { app: "worker", host: "batch-9" });
    await waitFor("the instance", () => isKnownTo(a, gone));
    await gone.stream.close();
    const { receipts } = await kill(pagers.a, "300ms");
    expect(receipts).toMatchObject({
      seen: 1,
      confirmed: 0,
      stragglers: [{ instance: gone.id, app: "worker", host: "batch-9" }],
    });
    await gone.say({ leaving: true });
  });

  test("one node runs each drill, and instances of both confirm it", async () => {
    const began = Date.now();
    const both = [await testInstance(a.origin, key), await testInstance(b.origin, key)];
    const drills = new Set<string>();
    for (const one of both) await waitFor("the instance", () => isKnownTo(a, one));
    const confirmed = await waitFor("a drill that both confirmed", async () => {
      for (const { stream, say } of both)
        for (const { event, data } of stream.frames)
          if (event === "kill" && data.elements[0].flag === DRILL_FLAG) {
            drills.add(data.elements[0].id);
            await say({ kills: [{ id: data.elements[0].id, heldMs: 0 }] });
          }
      const { drill } = await instancesAt(b);
      return drill?.outcome !== "missing" && drill?.receipts.seen === 2 && drill;
    });
    expect(confirmed.receipts.confirmed).toBe(2);
    // Both nodes looked at every turn; a turn that both took would be two drills.
    expect(drills.size).toBeLessThanOrEqual(Math.ceil((Date.now() - began) / DRILL_EVERY_MS) + 1);
    await end(...both);
  });

  test("a node that has heard the others for long enough speaks for all", async () => {
    const speaksForAll = async () => (await killPageAt(a)).scope === "all-nodes";
    await waitFor("a whole period of presence", speaksForAll, 55_000);
    expect((await instancesAt(a)).scope).toBe("all-nodes");
  });
});

test("without Redis a node speaks for itself, and says so", async () => {
  for (const node of [a, b])
    await waitFor("the leaving of all", async () => (await instancesAt(node)).items.length === 0);
  await redis.pull();
  for (const node of [a, b])
    await waitFor("the node to miss Redis", async () => (await killPageAt(node)).scope === "this-node");
  const atB = await testInstance(b.origin, key);
  const [{ receipts }] = await Promise.all([kill(pagers.b, "10s"), confirmNext(atB)]);
  expect(receipts).toMatchObject({ seen: 1, confirmed: 1, scope: "this-node" });
  expect((await kill(pagers.a, "300ms")).receipts).toMatchObject({ seen: 0, scope: "this-node" });
  await redis.restore();
  await end(atB);
});
