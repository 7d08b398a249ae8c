import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Client } from "./client.ts";
import { connect as connectLine } from "./connection.ts";
import { createCore } from "./core.ts";
import { localClient } from "./local-client.ts";
import type { Platform } from "./platform.ts";
import type { SnapshotStorage } from "./snapshot.ts";
import {
  booleanFlag,
  killOf,
  next,
  ProtocolPeer,
  permissionFlag,
  rulesetOf,
  until,
} from "./testing/index.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

let peer: ProtocolPeer;
let time: VirtualTime;
const clients: Client[] = [];

function connect(platform: Partial<Platform> = {}, snapshots?: SnapshotStorage): Client {
  const core = createCore({
    platform: time.platform(platform),
    server: { url: peer.url, headers: { authorization: "Bearer key" } },
    snapshots,
    connect: connectLine,
  });
  const client = localClient(core);
  clients.push(client);
  return client;
}

async function connectLive(platform?: Partial<Platform>): Promise<Client> {
  const client = connect(platform);
  await until(client, () => client.status().state === "live");
  return client;
}

beforeEach(async () => {
  peer = await ProtocolPeer.start({ a: booleanFlag(), b: booleanFlag() });
  time = new VirtualTime();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await peer.stop();
});

describe("a client, with its clock in hand", () => {
  it("holds a quiet connection for 45 seconds, then says so and connects again", async () => {
    const client = await connectLive();
    time.advance(44_000);
    expect(client.status().state).toBe("live");
    expect(client.status().ageMs).toBe(44_000);
    const down = next(client, "status", ({ lastError }) => lastError !== undefined);
    time.advance(1_000);
    expect((await down).state).toBe("stale");
    expect(client.status().lastError?.message).toBe("the server has gone quiet");
    expect(client.boolean("a", {}, false)).toBe(true);
    time.advance(500);
    await until(client, () => client.status().state === "live");
    expect(peer.requests("/sdk/v1/stream").at(-1)?.query.get("revision")).toBe("1");
    expect(peer.mostStreams).toBe(1);
  });

  it("is not kept waiting by bytes that drip in and make no heartbeat", async () => {
    const client = await connectLive();
    time.advance(44_000);
    peer.kill(killOf("a"));
    peer.raw("event: heartbeat\ndata: {");
    await next(client, "kill");
    time.advance(1_000);
    expect(client.status()).toMatchObject({
      state: "stale",
      lastError: { message: "the server has gone quiet" },
    });
  });

  it("stays connected while heartbeats come", async () => {
    const client = await connectLive();
    for (let times = 0; times < 5; times++) {
      const before = client.status().ageMs;
      time.advance(15_000);
      peer.heartbeat();
      peer.kill(killOf("a", `k${times}`));
      await next(client, "kill");
      expect(client.status().ageMs).toBeLessThanOrEqual(before);
    }
    expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  });

  it("never has two timers of a kind, however often it reconnects, and none once closed", async () => {
    const client = await connectLive();
    const before = time.pending;
    for (let times = 0; times < 5; times++) {
      peer.cut();
      await until(client, () => client.status().state === "stale");
      expect(time.pending).toBeLessThanOrEqual(before);
      time.advance(250 * 2 ** times);
      await until(client, () => client.status().state === "live");
      expect(time.pending).toBeLessThanOrEqual(before);
    }
    await client.close();
    expect(time.pending).toBe(0);
  });

  it("polls where a proxy holds the stream back, follows changes and lifts so, and returns to streaming", async () => {
    peer.misbehave = ({ path }, response) => {
      if (path === "/sdk/v1/stream") response.writeHead(200, { "content-type": "text/event-stream" });
      return path === "/sdk/v1/stream";
    };
    peer.kill(killOf("a"));
    const client = connect();
    await peer.until(() => peer.requests("/sdk/v1/stream").length === 1);
    time.advance(10_000);
    await until(client, () => client.status().state === "live");
    expect(client.status().source).toBe("poll");
    expect(client.boolean("a", {}, true)).toBe(false);

    peer.commit({ b: booleanFlag({ on: false }) });
    peer.lift(killOf("a"));
    peer.misbehave = ({ path }, response) => {
      if (path === "/sdk/v1/stream") response.writeHead(200, { "content-type": "text/html" }).end("<html>");
      return path === "/sdk/v1/stream";
    };
    const changed = until(client, () => client.status().revision === 2);
    // One silent connection proves nothing: the stream is tried again at once.
    time.advance(500);
    await changed;
    expect(client.boolean("a", {}, false)).toBe(true);
    expect(client.boolean("b", {}, true)).toBe(false);
    expect(client.status().lastError?.message).toContain("text/html");

    peer.misbehave = () => false;
    time.advance(30_000);
    await peer.until(() => peer.requests("/sdk/v1/ruleset").length === 3);
    expect(peer.requests("/sdk/v1/ruleset").at(-1)?.headers["if-none-match"]).toBe('"1-2-2"');
    await vi.waitFor(() => expect(client.status().ageMs).toBe(0), { timeout: 15_000 });
    time.advance(30_000);
    await until(client, () => client.status().source === "stream");
    expect(client.status().state).toBe("live");
  });

  it("polls at once where a server has no place for its stream", async () => {
    peer.misbehave = ({ path }, response) =>
      path === "/sdk/v1/stream" && Boolean(response.writeHead(429, { "retry-after": "60" }).end());
    const client = connect();
    await until(client, () => client.status().state === "live");
    expect(client.status().source).toBe("poll");
    expect(client.boolean("a", {}, false)).toBe(true);
    peer.misbehave = () => false;
    time.advance(500);
    await until(client, () => client.status().source === "stream");
  });

  it("applies a flag's stale policy when contact has been lost for that long, and takes it back", async () => {
    peer.change({ a: permissionFlag(60) });
    const client = await connectLive();
    client.boolean("a", {}, false);
    peer.misbehave = (_, response) => Boolean(response.writeHead(500).end());
    peer.cut();
    await until(client, () => client.status().state === "stale");
    const expired = next(client, "change");
    time.advance(59_999);
    expect(client.details("a", {}, false)).toMatchObject({ value: true, reason: "fallthrough" });
    time.advance(1);
    expect((await expired).keys).toEqual(["a"]);
    expect(client.details("a", {}, true)).toMatchObject({ value: false, reason: "stale", ageMs: 60_000 });
    expect(client.boolean("b", {}, false)).toBe(true);

    peer.misbehave = () => false;
    const restored = next(client, "change");
    // The answers travel in real time: an attempt that the clock in hand has overtaken is made again.
    const comesBack = () => {
      time.advance(1_000);
      expect(client.status().state).toBe("live");
    };
    await vi.waitFor(comesBack, { timeout: 15_000 });
    expect((await restored).keys).toEqual(["a"]);
    expect(client.boolean("a", {}, false)).toBe(true);
    await client.flush();
    const reasons = [...peer.batches.values()].flat().map(({ flag, reason, count }) => [flag, reason, count]);
    expect(reasons).toContainEqual(["a", "stale", 1]);
    expect(reasons.some(([, reason]) => reason === "killed")).toBe(false);
  });

  it("without a server plans nothing, since it has no contact that a flag could outlive", () => {
    const bootstrap = rulesetOf({ a: permissionFlag(60) });
    const client = localClient(createCore({ platform: time.platform(), bootstrap }));
    expect(time.pending).toBe(0);
    time.advance(60_000);
    expect(client.details("a", {}, false)).toMatchObject({ value: true, reason: "fallthrough" });
  });

  it("sends usage every ten seconds and keeps what a failing server did not take", async () => {
    const client = await connectLive();
    client.boolean("a", {}, false);
    peer.misbehave = ({ path }, response) =>
      path === "/sdk/v1/events" && Boolean(response.writeHead(503).end());
    time.advance(10_000);
    await peer.until(() => peer.requests("/sdk/v1/events").length === 1);
    client.boolean("a", {}, false);
    client.string("missing", {}, "x");
    expect(await client.flush()).toBe(false);
    peer.misbehave = () => false;
    expect(await client.flush()).toBe(true);
    const ids = peer.requests("/sdk/v1/events").map(({ body }) => JSON.parse(body).batchId);
    expect(ids[0]).toBe(ids[1]);
    const sum = [...peer.batches.values()].flat().reduce((total, { count }) => total + count, 0);
    expect(sum).toBe(3);
    expect([...peer.batches.values()].flat()).toContainEqual({
      flag: "missing",
      variation: null,
      reason: "flag-not-found",
      count: 1,
    });
  });

  it("tells its storage of changes and kills, which plans to save them", async () => {
    const texts: string[] = [];
    const news: string[] = [];
    const client = connect(
      {},
      {
        load: () => undefined,
        save: (text) => void texts.push(text),
        plan(what, schedule, save) {
          news.push(what);
          schedule.set("save", 1_000, save);
        },
      },
    );
    await until(client, () => client.status().state === "live");
    expect([news, texts]).toEqual([["change"], []]);
    peer.kill(killOf("a"));
    await next(client, "kill");
    expect(news).toContain("kill");
    time.advance(1_000);
    expect(texts).toHaveLength(1);
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({ revision: 1, kills: [{ flag: "a" }] });
  });

  it("fetches the rules again when their digest differs, once per revision", async () => {
    const client = await connectLive();
    const good = peer.ruleset;
    peer.ruleset = { ...good, flags: { ...good.flags, a: booleanFlag({ on: false }) } };
    peer.heartbeat();
    await until(client, () => client.status().lastError !== undefined);
    const repaired = next(client, "change");
    time.advance(1_000);
    expect((await repaired).keys).toEqual(["a"]);
    expect(client.status()).toMatchObject({ state: "live", revision: 1, source: "stream" });
    peer.heartbeat({ digest: "00000000" });
    peer.heartbeat({ digest: "00000000" });
    peer.kill(killOf("b"));
    await next(client, "kill");
    time.advance(5_000);
    expect(peer.requests("/sdk/v1/ruleset")).toHaveLength(1);
    expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  });

  it("compares a digest of many rules a part at a time, and repairs by it", async () => {
    const many = Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`flag-${i}`, booleanFlag()]));
    const good = { ...peer.ruleset, flags: { ...peer.ruleset.flags, ...many } };
    peer.ruleset = good;
    const kept = JSON.stringify({ ...good, flags: { ...good.flags, a: booleanFlag({ on: false }) } });
    const client = connect({}, { load: () => kept, save() {} });
    await vi.waitUntil(() => time.dueInMs === 0, { timeout: 15_000 });
    expect(client.status()).toMatchObject({ source: "cache", revision: 1, lastError: undefined });
    expect(client.boolean("a", {}, true)).toBe(false);
    const repaired = next(client, "change");
    time.advance(0);
    expect((await repaired).keys).toEqual(["a"]);
    expect(client.status()).toMatchObject({ state: "live", source: "stream", revision: 1 });
  });

  it("fetches a change too large for a frame, and stays open for kills meanwhile", async () => {
    const client = await connectLive();
    peer.commit({ a: booleanFlag({ on: false }) });
    peer.send("reload", { epoch: 1, revision: 2 });
    const killed = next(client, "kill");
    peer.kill(killOf("b"));
    await killed;
    expect(client.status().revision).toBe(1);
    time.advance(1_000);
    await until(client, () => client.status().revision === 2);
    expect(client.boolean("a", {}, true)).toBe(false);
    expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  });
});
