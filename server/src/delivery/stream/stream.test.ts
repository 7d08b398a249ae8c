import { createHash, randomUUID } from "node:crypto";
import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Ruleset } from "@lanyard/evaluation";
import { digestOf } from "@lanyard/evaluation/digest";
import { applyDelta } from "@lanyard/evaluation/segment-delta";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { type Frame, openSdkStream } from "../../testing/sdk-stream.ts";
import { shopOf } from "../../testing/shop.ts";
import { waitFor } from "../../testing/wait-for.ts";

/** No stream lives longer. */
const TWO_HOURS_MS = 2 * 60 * 60_000;
/** Heartbeats come every 15 s. */
const BEAT_LIMIT_MS = 30_000;

let server: TestServer;
let ada: Caller;
let shop: ReturnType<typeof shopOf>;
let key: string;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  shop = shopOf(ada);
  await shop.flag("checkout");
  await shop.flag("search");
  key = (await shop.key("server")).secret;
});
afterAll(() => server.close());

const isBeat = ({ event }: Frame) => event === "heartbeat";
const kill = (flags: string[]) =>
  ada.ok("POST /api/v1/kills", {
    body: { project: "shop", environments: ["development"], flags, reason: `stop ${flags}` },
  });
const lift = (id: string) => ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
const ruleset = () =>
  createCaller(server.origin, { authorization: `Bearer ${key}` }).ok("GET /sdk/v1/ruleset");

describe("a stream", () => {
  test("begins with everything, and a heartbeat whose digest an SDK can check", async () => {
    const stream = await openSdkStream(server.origin, key);
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(stream.response.headers.get("cache-control")).toBe("no-store, no-transform");
    expect(stream.response.headers.get("x-accel-buffering")).toBe("no");
    expect(stream.response.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
    const put = await stream.next("put");
    expect(put.data).toEqual(await ruleset());
    expect(put.id).toBe(`${put.data.epoch}:${put.data.revision}`);
    const beat = await stream.next("heartbeat");
    const { epoch, revision } = put.data;
    expect(beat.data).toMatchObject({ epoch, revision, kills: 0 });
    expect(beat.data.digest).toBe(digestOf(put.data as Ruleset));
    expect(Math.abs(Date.parse(beat.data.serverTime) - Date.now())).toBeLessThan(5_000);
    await stream.close();
  });

  test("carries each change as a patch that starts where the last ended", async () => {
    const stream = await openSdkStream(server.origin, key);
    const { data: put } = await stream.next("put");
    await shop.turn("checkout", true);
    await shop.turn("checkout", false);
    const first = await stream.next("patch");
    const second = await stream.next("patch");
    expect(first.data).toMatchObject({ epoch: 1, from: put.revision, to: put.revision + 1, segments: {} });
    expect(first.data.flags.checkout.on).toBe(true);
    expect(Object.keys(first.data.flags)).toEqual(["checkout"]);
    expect(second.data.from).toBe(first.data.to);
    expect(second.data.flags.checkout.on).toBe(false);
    await stream.close();
  });

  test("resumes by one patch over all that was missed, tombstones too, or by nothing", async () => {
    await shop.flag("short-lived");
    const { epoch, revision } = await ruleset();
    await shop.turn("search", true);
    const params = { project: "shop", flag: "short-lived" };
    await ada.ok("POST /api/v1/projects/{project}/flags/{flag}/archive", {
      params,
      body: { message: "done with it" },
    });
    const behind = await openSdkStream(server.origin, key, { epoch, revision });
    const patch = await behind.next("patch");
    expect(patch.data).toMatchObject({ from: revision, to: revision + 2, flags: { "short-lived": null } });
    expect(patch.data.flags.search.on).toBe(true);
    await behind.close();
    const current = await openSdkStream(server.origin, key, { epoch, revision: revision + 2 });
    await current.next("heartbeat");
    expect(current.frames.map(({ event }) => event)).toEqual(["heartbeat"]);
    await current.close();
    const otherLineage = await openSdkStream(server.origin, key, { epoch: epoch + 7, revision: 1 });
    await otherLineage.next("put");
    await otherLineage.close();
  });

  test("is told of a kill and of its lift, and of both on connecting", async () => {
    const stream = await openSdkStream(server.origin, key);
    await stream.next("heartbeat");
    const { id } = await kill(["checkout"]);
    const killed = await stream.next("kill");
    expect(killed.data).toMatchObject({ elements: [{ id, flag: "checkout" }], kills: 1 });
    const late = await openSdkStream(server.origin, key);
    await late.next("heartbeat");
    expect(late.frames.map(({ event }) => event)).toEqual(["kill", "put", "heartbeat"]);
    expect(late.frames[0]?.data.elements).toMatchObject([{ id, flag: "checkout" }]);
    expect(late.frames[2]?.data.kills).toBe(1);
    await late.close();
    await lift(id);
    expect((await stream.next("lift")).data).toMatchObject({
      elements: [{ id, flag: "checkout" }],
      kills: 2,
    });
    await stream.close();
    const { epoch, revision } = await ruleset();
    const back = await openSdkStream(server.origin, key, { epoch, revision, kills: `${id},kill_unheard-of` });
    await back.next("heartbeat");
    expect(back.frames.map(({ event }) => event)).toEqual(["lift", "heartbeat"]);
    expect(back.frames[0]?.data.elements).toEqual([{ id, flag: "checkout" }]);
    await back.close();
  });

  test("sends what is too large for a frame to the snapshot", async () => {
    await shop.flag("large");
    const stream = await openSdkStream(server.origin, key);
    const { data: put } = await stream.next("put");
    const values = Array.from({ length: 4_000 }, (_, index) => `somebody-number-${index}`);
    await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
      params: { project: "shop", flag: "large", environment: "development" },
      body: { targets: [{ unit: "targetingKey", variation: "on", values }] },
    });
    const reload = await stream.next("reload");
    expect(reload.data).toEqual({ epoch: put.epoch, revision: put.revision + 1 });
    await stream.close();
  });

  test("tells who takes deltas of one more member of a large segment by its name alone", async () => {
    const vip = {
      unit: "targetingKey",
      included: Array.from({ length: 10_000 }, () => randomUUID()),
      excluded: [],
    };
    const params = { project: "shop", segment: "vip" };
    await ada.ok("POST /api/v1/projects/{project}/segments", {
      params,
      body: { key: "vip", name: "VIP", content: vip },
    });
    const plain = await openSdkStream(server.origin, key);
    const taker = await openSdkStream(server.origin, key, {}, { "lanyard-accept": "segment-deltas" });
    const { data: put } = await taker.next("put");
    await plain.next("heartbeat");
    const content = { ...vip, included: [...vip.included, "newcomer"] };
    await ada.ok("PATCH /api/v1/projects/{project}/segments/{segment}", { params, body: { content } });
    const { data: patch } = await taker.next("patch");
    expect(JSON.stringify(patch).length).toBeLessThan(1_000);
    expect(patch.segments.vip).toMatchObject({ add: { included: ["newcomer"] }, remove: { included: [] } });
    const { segments } = await ruleset();
    const applied = applyDelta(put.segments.vip, patch.segments.vip);
    expect(applied).toEqual(segments.vip);
    const { hash, ...rest } = applied;
    expect(createHash("sha256").update(JSON.stringify(rest)).digest("hex").slice(0, 16)).toBe(hash);
    await plain.next("reload");
    expect(taker.frames.map(({ event }) => event)).not.toContain("reload");
    await Promise.all([plain.close(), taker.close()]);
  });

  test("ends with a revoked key", async () => {
    const { id, secret } = await shop.key("server");
    const stream = await openSdkStream(server.origin, secret);
    await stream.next("heartbeat");
    await ada.ok("DELETE /api/v1/projects/{project}/keys/{key}", { params: { project: "shop", key: id } });
    await stream.ended;
    expect((await openSdkStream(server.origin, secret)).response.status).toBe(401);
  });
});

test("what is out of the ordinary is refused in the problem's words, with its request id", async () => {
  const status = async (query: Record<string, string>, headers: Record<string, string> = {}) => {
    const { response } = await openSdkStream(server.origin, key, query, {
      "x-request-id": "r-1",
      ...headers,
    });
    const { code, requestId } = (await response.json()) as { code: string; requestId: string };
    expect(requestId).toBe("r-1");
    return [response.status, code];
  };
  expect(await status({ epoch: "-1" })).toEqual([400, "invalid-input"]);
  expect(await status({ kills: "\0" })).toEqual([400, "invalid-input"]);
  expect(await status({}, { origin: "https://shop.example" })).toEqual([403, "origin-refused"]);
  expect(await status({}, { "lanyard-context": "made.up.token" })).toEqual([403, "context-refused"]);
});

describe("a client key's stream", () => {
  test("learns of a flag, with its kill, when the flag becomes visible", async () => {
    await shop.flag("page-banner");
    const { id } = await kill(["page-banner"]);
    const { secret } = await shop.key("client");
    const stream = await openSdkStream(server.origin, secret);
    await stream.next("heartbeat");
    expect(stream.frames.map(({ event }) => event)).toEqual(["put", "heartbeat"]);
    await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}", {
      params: { project: "shop", flag: "page-banner" },
      body: { audience: "client", message: "for the page" },
    });
    const patch = await stream.next("patch");
    expect(Object.keys(patch.data.flags)).toEqual(["page-banner"]);
    expect(stream.frames.map(({ event }) => event)).toEqual(["put", "heartbeat", "kill", "patch"]);
    await shop.turn("search", false);
    expect((await stream.next("patch")).data.flags).toEqual({});
    await lift(id);
    expect((await stream.next("lift")).data.elements).toEqual([{ id, flag: "page-banner" }]);
    await stream.close();
  });
});

test("pages of one address hold only so many streams, and keep out no server", async () => {
  const node = await testServer();
  onTestFinished(() => node.close());
  const keys = shopOf(await setUp(node));
  const headers = { authorization: `Bearer ${(await keys.key("client")).secret}` };
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const open = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get(new URL("/sdk/v1/stream", node.origin), { headers, agent }, resolve).on("error", reject);
    });
  const streams: IncomingMessage[] = [];
  const refused = await waitFor(
    "a refusal",
    async () => {
      const opened = await Promise.all(Array.from({ length: 100 }, open));
      streams.push(...opened.filter(({ statusCode }) => statusCode === 200));
      return opened.find(({ statusCode }) => statusCode === 429);
    },
    120_000,
  );
  expect(streams).toHaveLength(1_000);
  expect(refused.headers["retry-after"]).toMatch(/^\d+$/);
  expect(JSON.parse(await text(refused))).toMatchObject({ code: "rate-limited" });
  const { eventStreams } = (await (
    await fetch(new URL("/ofrep/v1/evaluate/flags", node.origin), {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: "{}",
    })
  ).json()) as { eventStreams: { endpoint: { requestUri: string } }[] };
  const notices = await fetch(new URL(eventStreams[0]?.endpoint.requestUri ?? "", node.origin));
  expect(notices.status).toBe(429);
  const application = await openSdkStream(node.origin, (await keys.key("server")).secret);
  await application.next("heartbeat");
  await application.close();
  for (const stream of streams) stream.destroy();
  await waitFor(
    "a place",
    async () => {
      const { statusCode } = await open();
      return statusCode === 200;
    },
    120_000,
  );
}, 240_000);

test("a stream that has grown old is told to come again, so that it meets nodes that started since", async () => {
  const old = await openSdkStream(server.origin, key);
  await old.next("heartbeat");
  const now = performance.now.bind(performance);
  onTestFinished(() => void vi.restoreAllMocks());
  vi.spyOn(performance, "now").mockImplementation(() => now() + TWO_HOURS_MS);
  const young = await openSdkStream(server.origin, key);
  await waitFor("the end", async () => old.frames.at(-1)?.event === "goodbye", BEAT_LIMIT_MS);
  expect(old.frames.at(-1)?.data.reconnectInMs).toBeLessThanOrEqual(500);
  await old.ended;
  await waitFor("a beat", async () => young.frames.filter(isBeat).length > 1, BEAT_LIMIT_MS);
  expect(young.frames.some(({ event }) => event === "goodbye")).toBe(false);
  await young.close();
});

test("a node that goes away says goodbye, and takes nobody in", async () => {
  const node = await testServer();
  const owner = await setUp(node);
  const { secret } = await shopOf(owner).key("server");
  const stream = await openSdkStream(node.origin, secret);
  await stream.next("heartbeat");
  await node.services.drain();
  const { data } = await stream.next("goodbye");
  expect(data.reconnectInMs).toBeLessThanOrEqual(500);
  await stream.ended;
  const refused = await openSdkStream(node.origin, secret);
  expect(refused.response.status).toBe(503);
  expect(refused.response.headers.get("retry-after")).toBe("1");
  await node.close();
});
