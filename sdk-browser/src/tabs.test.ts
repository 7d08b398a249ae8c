import { afterEach, expect, it, vi } from "vitest";
import { booleanFlag, ProtocolPeer, until } from "../../sdk-core/src/testing/index.ts";
import { createClient } from "./index.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a page that may have no locks is by itself, with one stream", async () => {
  const request = () => Promise.reject(new DOMException("in a sandbox", "SecurityError"));
  vi.stubGlobal("navigator", { locks: { request } });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const peer = await ProtocolPeer.start({ a: booleanFlag() });
  const client = createClient({ url: peer.url, key: "k", context: { targetingKey: "ada" } });
  await until(client, () => client.status().state === "live");
  // As long as a tab waits for one that leads.
  await vi.advanceTimersByTimeAsync(5_000);
  await client.flush();
  expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  await client.close();
  await peer.stop();
});
