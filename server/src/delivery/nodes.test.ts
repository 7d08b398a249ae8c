import { randomBytes } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import pg from "pg";
import { createClient } from "redis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changes, environments, publications } from "../database/schema/index.ts";
import {
  type Caller,
  createCaller,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../testing/index.ts";
import { metricOf } from "../testing/metric.ts";
import { type Plug, plugInto } from "../testing/plug.ts";
import { openSdkStream, type SdkStream } from "../testing/sdk-stream.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

/** Two nodes, A and B, on one PostgreSQL and one Redis; an SDK on B. */
interface Pair {
  database: TestDatabase;
  postgres: Plug;
  redis: Plug;
  a: TestServer;
  b: TestServer;
  ada: Caller;
  pager: Caller;
  shop: ReturnType<typeof shopOf>;
  key: string;
  stream: SdkStream;
}

/** A word that the other node missed, while it was only just coming, is said again by then. */
const WORD_REPEATED_MS = 25_000;

let pair: Pair;

beforeEach(async () => {
  const database = await testDatabase();
  const postgres = await plugInto(database.url);
  const redis = await plugInto(process.env.TEST_REDIS_URL ?? "");
  const options = {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    secret: randomBytes(32).toString("hex"),
  };
  const a = await testServer(options);
  const ada = await setUp(a);
  const shop = shopOf(ada);
  await shop.flag("checkout");
  await shop.flag("search");
  const key = (await shop.key("server")).secret;
  const pager = createCaller(a.origin, { authorization: `Bearer ${(await shop.key("kill")).secret}` });
  const b = await testServer(options);
  const stream = await openSdkStream(b.origin, key);
  await stream.next("heartbeat");
  pair = { database, postgres, redis, a, b, ada, pager, shop, key, stream };
});

afterEach(async () => {
  await pair.stream.close();
  await Promise.all([pair.a.close(), pair.b.close()]);
  await Promise.all([pair.postgres.close(), pair.redis.close()]);
  await pair.database.drop();
});

const kill = (by: Caller, flags: string[], more: object = {}) =>
  by.call("POST /api/v1/kills", {
    body: { project: "shop", environments: ["development"], flags, reason: "it burns", ...more },
  });
const lift = (id: string) =>
  pair.ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
const recorded = (id: string) =>
  pair.a.services.database.read.select().from(changes).where(eq(changes.subjectKey, id));
const heardKill = (stream: SdkStream, id: string) =>
  stream.next("kill", ({ data }) => data.elements.some((element: { id: string }) => element.id === id));

describe("with everything alive", () => {
  test("what happens on A is in a stream of B", async () => {
    const { pager, shop, stream } = pair;
    await shop.turn("checkout", true);
    const patch = await stream.next("patch");
    expect(patch.data.flags.checkout.on).toBe(true);
    const { body } = await kill(pager, ["search"]);
    await heardKill(stream, body.id);
    await lift(body.id);
    const { data } = await stream.next("lift");
    expect(data.elements).toEqual([{ id: body.id, flag: "search" }]);
  });

  test("a kill's answer counts the streams of every node", async () => {
    const { pager } = pair;
    const connected = await waitFor("B's word", async () => {
      const { body } = await kill(pager, ["search"]);
      return body.connected > 0 && body.connected;
    });
    expect(connected).toBe(1);
  });

  test("the same asked of both nodes by different keys is one kill, on the record once", async () => {
    const { pager, b } = pair;
    const onB = createCaller(b.origin, pager.headers);
    const answers = await Promise.all([
      kill(pager, ["search"], { idempotencyKey: "k" }),
      kill(onB, ["search"], { idempotencyKey: "l" }),
    ]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const { id } = answers[0].body;
    await waitFor("the record", async () => (await recorded(id)).length > 0);
    await lift(id);
    expect((await recorded(id)).map(({ action }) => action).sort()).toEqual(["kill.accepted", "kill.lifted"]);
  });

  test("a message that was never sent is made good from PostgreSQL", async () => {
    const { a, stream } = pair;
    const { raw } = a.services.database;
    const [row] = await raw.select().from(environments).where(eq(environments.key, "development"));
    const { id, epoch, revision } = row as NonNullable<typeof row>;
    const [old] = await raw
      .select()
      .from(publications)
      .where(and(eq(publications.environmentId, id), eq(publications.key, "search")));
    await a.services.database.transaction(async (tx) => {
      await tx
        .update(environments)
        .set({ revision: revision + 1 })
        .where(eq(environments.id, id));
      await tx
        .insert(publications)
        .values({ ...(old as NonNullable<typeof old>), epoch, revision: revision + 1 });
    });
    const patch = await stream.next("patch");
    expect(patch.data).toMatchObject({ from: revision, to: revision + 1 });
    expect(Object.keys(patch.data.flags)).toEqual(["search"]);
  });

  test("a database behind what was served begins a new epoch, and SDKs follow", async () => {
    const { a, stream } = pair;
    const { raw } = a.services.database;
    await raw.execute(sql`update environments set revision = revision - 1 where key = 'development'`);
    const put = await stream.next("put", ({ data }) => data.epoch === 2);
    expect(put.data.revision).toBe(1);
    await pair.shop.turn("checkout", true);
    expect((await stream.next("patch")).data).toMatchObject({ epoch: 2, from: 1, to: 2 });
  });

  test("a restored backup forgets no kill and no lift", async () => {
    const { a, pager, stream, database } = pair;
    const held = await kill(pager, ["search"]);
    const over = await kill(pager, ["checkout"]);
    await lift(over.body.id);
    await stream.next("lift");
    await waitFor("the record", async () => (await recorded(held.body.id)).length > 0);
    // The backup was taken after both kills of `checkout` and before its lift, and before the kill of `search`.
    await rewrite(database, [
      "delete from lift_elements",
      `delete from kill_elements where kill_id = '${held.body.id}'`,
      `delete from kills where id = '${held.body.id}'`,
      "update environments set kills = 1 where key = 'development'",
    ]);
    const inDatabase = async (id: string) => {
      const answer = await pair.ada.call("GET /api/v1/kills/{kill}", { params: { kill: id } });
      return answer.status === 200 ? answer.body : undefined;
    };
    expect(await waitFor("the kill", () => inDatabase(held.body.id))).toMatchObject({ active: true });
    await waitFor("the lift", async () => (await inDatabase(over.body.id))?.active === false);
    const restored = await a.services.database.read
      .select()
      .from(changes)
      .where(eq(changes.action, "kill.restored"));
    expect(restored).toHaveLength(1);
    const later = await openSdkStream(a.origin, pair.key);
    const { data } = await later.next("kill");
    expect(data.elements.map(({ id }: { id: string }) => id)).toEqual([held.body.id]);
    await later.close();
  });

  test("a kill that no node knows is counted over all of them, and lifted everywhere", async () => {
    const { a, b, ada, key } = pair;
    const lost = "kill_lost0with0its0node";
    const onB = createCaller(b.origin, ada.headers);
    const heldBy = async (caller: Caller) =>
      (await caller.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } })).unrecorded.map(
        ({ id, instances }) => ({ id, instances }),
      );
    const holders = [a, b, b].map(({ origin }) => openSdkStream(origin, key, { kills: lost }));
    const [atA, ...atB] = (await Promise.all(holders)) as [SdkStream, SdkStream, SdkStream];
    const three = async (caller: Caller) => (await heldBy(caller))[0]?.instances === 3;
    for (const caller of [ada, onB]) await waitFor("both nodes' word", () => three(caller), WORD_REPEATED_MS);
    expect(await heldBy(ada)).toEqual([{ id: lost, instances: 3 }]);
    await atB[1].close();
    await waitFor("the end of a stream of B", async () => (await heldBy(ada))[0]?.instances === 2);

    await ada.ok("POST /api/v1/kills/{kill}/break-glass-lift", {
      params: { kill: lost },
      body: {
        ...{ project: "shop", environments: ["development"], flags: ["checkout"] },
        reason: "its node is gone",
      },
    });
    for (const stream of [atA, atB[0]]) await stream.next("lift", ({ data }) => data.elements[0].id === lost);
    for (const caller of [ada, onB]) expect(await heldBy(caller)).toEqual([]);
    for (const stream of [atA, atB[0]]) await stream.close();
  });

  test("an unsigned message is dropped and counted", async () => {
    const { stream, b } = pair;
    const client = createClient({ url: process.env.TEST_REDIS_URL ?? "" });
    await client.connect();
    const channels = await client.pubSubChannels("*");
    const [row] = await pair.a.services.database.read
      .select()
      .from(environments)
      .where(eq(environments.key, "development"));
    const before = await refused(b);
    // Every instance on this Redis has its own namespace, so a forger must first learn it: from what it publishes.
    const spy = client.duplicate();
    await spy.connect();
    const seen: string[] = [];
    await spy.pSubscribe("lanyard:*", (_message, channel) => void seen.push(channel));
    const { body } = await kill(pair.ada, ["search"]);
    await heardKill(stream, body.id);
    const channel = await waitFor("what it publishes", () =>
      seen.find((name) => name.endsWith(row?.id ?? "")),
    );
    const announcement = {
      type: "lifted",
      environmentId: row?.id,
      elements: [{ id: body.id, flag: "search" }],
    };
    const forged = "0".repeat(64) + JSON.stringify({ node: "forger", announcement });
    await client.publish(channel, forged);
    await waitFor("the count", async () => (await refused(b)) > before);
    expect(stream.frames.some(({ event }) => event === "lift")).toBe(false);
    expect(channels).toEqual([]);
    client.destroy();
    spy.destroy();
  });
});

/** What only a restore can do: the tables are append-only for everybody else. */
async function rewrite({ url }: TestDatabase, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query("set local session_replication_role = replica");
  for (const statement of statements) await client.query(statement);
  await client.query("commit");
  await client.end();
}

const refused = ({ origin }: TestServer) => metricOf(origin, "lanyard_bus_messages_refused_total");

describe.each(["pull", "hang"] as const)("with Redis gone (%s)", (how) => {
  test("changes and kills reach the other node", async () => {
    const { redis, ada, shop, stream } = pair;
    await redis[how]();
    const { body } = await kill(ada, ["search"]);
    await heardKill(stream, body.id);
    await shop.turn("checkout", true);
    await stream.next("patch");
    await redis.restore();
    await lift(body.id);
    await stream.next("lift");
  });
});

describe.each(["pull", "hang"] as const)("with PostgreSQL gone (%s)", (how) => {
  test("a kill on A is in effect on B at once, kept by Redis and both journals, and drained once", async () => {
    const { postgres, pager, ada, stream } = pair;
    await ada.ok("GET /api/v1/session");
    await postgres[how]();
    await waitFor("A to notice", async () => (await kill(pager, ["search"])).status === 202);
    const { body, status } = await waitFor("Redis to have the kill", async () => {
      const answer = await kill(ada, ["checkout"]);
      return answer.body.durable.includes("redis") && answer;
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ durable: ["redis", "journal"], pending: ["postgres"] });
    await heardKill(stream, body.id);
    await postgres.restore();
    await waitFor("the drain", async () => (await recorded(body.id).catch(() => [])).length > 0);
    await waitFor("A to notice", async () => (await ada.call("GET /api/v1/session")).status === 200);
    await lift(body.id);
    await stream.next("lift");
    expect((await recorded(body.id)).map(({ action }) => action).sort()).toEqual([
      "kill.accepted",
      "kill.lifted",
    ]);
  });
});

test("with PostgreSQL and Redis gone a kill holds on its node, and reaches the others after", async () => {
  const { postgres, redis, a, pager, key, stream } = pair;
  const onA = await openSdkStream(a.origin, key);
  await onA.next("heartbeat");
  await Promise.all([postgres.pull(), redis.pull()]);
  const { status, body } = await kill(pager, ["search"]);
  expect(status).toBe(202);
  expect(body).toMatchObject({ durable: ["journal"], pending: ["postgres", "redis"] });
  await heardKill(onA, body.id);
  expect(stream.frames.some(({ event }) => event === "kill")).toBe(false);
  await Promise.all([postgres.restore(), redis.restore()]);
  await heardKill(stream, body.id);
  const lines = async () => (await recorded(body.id).catch(() => [])).length;
  expect(await waitFor("the record", async () => (await lines()) || undefined)).toBe(1);
  await onA.close();
});
