import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  booleanFlag,
  FAULTS,
  onStream,
  ProtocolPeer,
  statusOf,
  until,
} from "../../sdk-core/src/testing/index.ts";
import { type Client, createClient } from "./index.ts";

let peer: ProtocolPeer;
const clients: Client[] = [];

function connect(): Client {
  const client = createClient({ url: peer.url, key: "lyd_cli_test", context: { targetingKey: "ada" } });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  // Draws short delays.
  vi.spyOn(Math, "random").mockReturnValue(0.05);
  peer = await ProtocolPeer.start({ a: booleanFlag() });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await peer.stop();
});

describe("a server that", () => {
  it.each(Object.entries(FAULTS))(
    "%s harms nothing, is named, and is recovered from",
    async (_, [fault, words]) => {
      const client = connect();
      await client.ready();
      peer.misbehave = fault;
      peer.cut();
      await until(client, () => client.status().state === "stale");
      await until(client, () => client.status().lastError?.message.includes(words) === true);
      expect(client.details("a", false)).toMatchObject({ value: true, revision: 1 });
      peer.misbehave = () => false;
      await until(client, () => client.status().state === "live");
    },
  );

  it.each([401, 403, 404])("refuses with %i lets ready settle at once, and is named", async (code) => {
    peer.misbehave = statusOf(code);
    const settled = await connect().ready({ timeoutMs: 60_000 });
    expect(settled).toMatchObject({ state: "empty", lastError: { status: code } });
    expect(settled.lastError?.message).toContain(String(code));
  });

  it("answers with another content type is polled instead", async () => {
    peer.misbehave = onStream((response) => response.writeHead(200, { "content-type": "text/html" }).end());
    const client = connect();
    expect(await client.ready()).toMatchObject({ state: "live", source: "poll" });
    expect(client.boolean("a", false)).toBe(true);
  });
});
