import { createHash } from "node:crypto";
import type { Segment } from "@lanyard/evaluation";
import { deltaBetween } from "@lanyard/evaluation/segment-delta";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { booleanFlag, ProtocolPeer, until } from "../../sdk-core/src/testing/index.ts";
import { type Client, createClient } from "./index.ts";

/** As docs/protocol.md says that contents are named. */
function segmentOf(included: string[]): Segment {
  const content = { excluded: [], included, unit: "targetingKey" };
  return {
    ...content,
    hash: createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16),
  };
}

const many = Array.from({ length: 10_000 }, (_, at) => `user-${at}`);
const [before, after] = [segmentOf(many), segmentOf([...many.slice(1), "newcomer"])];
const flag = booleanFlag({
  rules: [{ id: "beta", when: { segment: "beta" }, serve: { variation: "on" } }],
  fallthrough: { variation: "off" },
});

let peer: ProtocolPeer;
let client: Client;

beforeEach(async () => {
  // Draws short delays.
  vi.spyOn(Math, "random").mockReturnValue(0.05);
  peer = await ProtocolPeer.start({ beta: flag });
  peer.commit({}, { beta: before });
  client = createClient({ url: peer.url, key: "lyd_srv_test", logger: { warn() {} } });
  await client.ready();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await client.close();
  await peer.stop();
});

const isIn = (targetingKey: string) => client.boolean("beta", { targetingKey }, false);

/** Sends the change of the segment in so many words. */
function send(delta: object) {
  const { epoch, revision: from } = peer.ruleset;
  peer.commit({}, { beta: after });
  peer.send("patch", { epoch, from, to: from + 1, flags: {}, segments: { beta: delta } });
}

it("a client asks for deltas of segments, and decides by what they lead to", async () => {
  expect(peer.requests("/sdk/v1/stream")[0]?.headers["lanyard-accept"]).toBe("segment-deltas");
  expect([isIn("user-0"), isIn("newcomer")]).toEqual([true, false]);
  send(deltaBetween(before, after));
  await until(client, () => client.status().revision === 3);
  expect([isIn("user-0"), isIn("user-1"), isIn("newcomer")]).toEqual([false, true, true]);
  expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  expect(peer.requests("/sdk/v1/ruleset")).toHaveLength(0);
});

it.each([
  ["from another content", { ...deltaBetween(before, after), from: after.hash }],
  ["to another one than they say", deltaBetween(before, { ...after, included: [...many, "stranger"] })],
])("deltas that lead %s are refused, and the client asks again", async (_, delta) => {
  send(delta);
  await until(client, () => client.status().revision === 3);
  expect(peer.requests("/sdk/v1/stream")).toHaveLength(2);
  expect([isIn("user-0"), isIn("newcomer"), isIn("stranger")]).toEqual([false, true, false]);
});
