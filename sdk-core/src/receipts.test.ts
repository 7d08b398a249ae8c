import { DRILL_FLAG } from "@lanyard/evaluation";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Client } from "./client.ts";
import { connect as connectLine } from "./connection.ts";
import { createCore } from "./core.ts";
import { localClient } from "./local-client.ts";
import { createPresence } from "./presence.ts";
import { booleanFlag, killOf, next, ProtocolPeer, until } from "./testing/index.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

let peer: ProtocolPeer;
let time: VirtualTime;
const clients: Client[] = [];
const instance = { app: "shop", host: "web-3" };

async function connectLive(presence?: typeof instance, random = () => 0.5): Promise<Client> {
  const core = createCore({
    platform: time.platform({ random }),
    server: { url: peer.url, headers: { authorization: "Bearer key" } },
    receipts: presence && createPresence(presence),
    connect: connectLine,
  });
  const client = localClient(core);
  clients.push(client);
  await until(client, () => client.status().state === "live");
  return client;
}

/** Until the receipt that confirms the kill has come. */
async function confirmed(id: string) {
  const find = () => peer.receipts().find(({ kills }) => kills.some((kill) => kill.id === id));
  await peer.until(() => find() !== undefined);
  return find();
}

beforeEach(async () => {
  peer = await ProtocolPeer.start({ a: booleanFlag(), b: booleanFlag() });
  time = new VirtualTime();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await peer.stop();
});

it("shows itself on connecting, and more than twice a minute", async () => {
  await connectLive(instance);
  time.advance(1);
  await peer.until(() => peer.receipts().length === 1);
  expect(peer.receipts()[0]).toEqual({ ...instance, kills: [], epoch: 1, revision: 1 });
  time.advance(20_000);
  peer.heartbeat();
  time.advance(5_000);
  await peer.until(() => peer.receipts().length === 2);
});

it("confirms a kill at once, and never twice", async () => {
  const client = await connectLive(instance);
  peer.kill(killOf("a", "k1"));
  await next(client, "kill");
  time.advance(1);
  expect((await confirmed("k1"))?.kills).toEqual([{ id: "k1", heldMs: 0, flags: 1 }]);
  peer.sendKill([killOf("a", "k1"), killOf("a", "k2")]);
  await next(client, "kill");
  time.advance(1);
  expect((await confirmed("k2"))?.kills.map(({ id }) => id)).toEqual(["k2"]);
});

it("confirms a kill again when it grows, with how much of it is held", async () => {
  const client = await connectLive(instance);
  peer.kill(killOf("a", "k1"));
  await next(client, "kill");
  time.advance(1);
  await confirmed("k1");
  peer.sendKill([killOf("b", "k1")], { confirmWithinMs: 4_000 });
  await next(client, "kill");
  peer.lift({ id: "k1", flag: "a" });
  await next(client, "kill");
  time.advance(2_000);
  const ofK1 = () => peer.receipts().flatMap(({ kills }) => kills.filter(({ id }) => id === "k1"));
  await peer.until(() => ofK1().length > 1);
  expect(ofK1()).toEqual([
    { id: "k1", heldMs: 0, flags: 1 },
    { id: "k1", heldMs: 2_000, flags: 1 },
  ]);
  peer.kill(killOf("a", "k2"));
  await next(client, "kill");
  peer.kill(killOf("b", "k2"));
  await next(client, "kill");
  time.advance(1);
  expect((await confirmed("k2"))?.kills).toEqual([{ id: "k2", heldMs: 0, flags: 2 }]);
});

it("confirms all of more kills than a server takes at once", async () => {
  const client = await connectLive();
  const ids = Array.from({ length: 450 }, (_, index) => `k${index}`);
  peer.sendKill(ids.map((id) => killOf("a", id)));
  await next(client, "kill");
  time.advance(1);
  await confirmed("k449");
  const received = peer.receipts().map(({ kills }) => kills.map(({ id }) => id));
  expect(received.flat()).toEqual(ids);
  expect(received.map(({ length }) => length)).toEqual([200, 200, 50]);
});

it("waits within the window that the server names", async () => {
  const client = await connectLive(instance);
  time.advance(1);
  await peer.until(() => peer.receipts().length === 1);
  peer.sendKill([killOf("a", "k1")], { confirmWithinMs: 4_000 });
  await next(client, "kill");
  time.advance(1_900);
  await client.flush();
  expect(peer.receipts()).toHaveLength(1);
  time.advance(200);
  expect((await confirmed("k1"))?.kills).toEqual([{ id: "k1", heldMs: 2_000, flags: 1 }]);
});

it("is one of the sample, or is not", async () => {
  const client = await connectLive(undefined, () => 0.3);
  peer.sendKill([killOf("a", "left-out")], { confirmShare: 0.3 });
  await next(client, "kill");
  peer.sendKill([killOf("b", "drawn")], { confirmShare: 0.31 });
  await next(client, "kill");
  time.advance(1);
  await confirmed("drawn");
  expect(peer.receipts()).toEqual([{ kills: [{ id: "drawn", heldMs: 0 }], epoch: 1, revision: 1 }]);
});

it("repeats what was not taken, sooner than the next word", async () => {
  const client = await connectLive(instance);
  peer.misbehave = ({ path }, response) => {
    if (path !== "/sdk/v1/receipts") return false;
    response.writeHead(503).end();
    return true;
  };
  peer.kill(killOf("a", "k1"));
  await next(client, "kill");
  time.advance(1);
  await confirmed("k1");
  peer.misbehave = () => false;
  // The refusal travels in real time, while the clock in hand stands still: the next word is 20 seconds away.
  await vi.waitFor(() => expect(time.dueInMs).toBeLessThanOrEqual(500), { timeout: 15_000 });
  time.advance(500);
  await peer.until(() => peer.receipts().filter(({ kills }) => kills.length > 0).length > 1);
});

it("confirms a drill, and keeps and tells nothing of it", async () => {
  const client = await connectLive(instance);
  const told: unknown[] = [];
  client.on("kill", (event) => told.push(event));
  peer.sendKill([killOf(DRILL_FLAG, "drill_1")]);
  peer.kill(killOf("a", "k1"));
  await next(client, "kill");
  time.advance(1);
  expect((await confirmed("drill_1"))?.kills.map(({ id }) => id)).toEqual(["drill_1", "k1"]);
  expect(told).toHaveLength(1);
  peer.cut();
  await until(client, () => client.status().state === "stale");
  time.advance(500);
  await until(client, () => client.status().state === "live");
  expect(peer.requests("/sdk/v1/stream").at(-1)?.query.get("kills")).toBe("k1");
});

it("says when it leaves", async () => {
  const client = await connectLive(instance);
  await client.close();
  expect(peer.receipts().at(-1)).toMatchObject({ host: "web-3", leaving: true });
});
