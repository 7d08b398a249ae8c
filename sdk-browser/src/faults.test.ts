import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { booleanFlag, FAULTS, ProtocolPeer } from "../../sdk-core/src/testing/index.ts";
import { openPage, type ReportingPage } from "./testing/chromium.ts";

/** A client for each server, and whatever one of them says of itself or throws. */
const APP = `
  import { createClient } from "./index.ts";
  import { impatient } from "../../sdk-core/src/testing/impatient.ts";
  Math.random = () => 0.05;
  globalThis.setTimeout = impatient(setTimeout);
  addEventListener("error", ({ message }) => report({ thrown: message }));
  addEventListener("unhandledrejection", ({ reason }) => report({ thrown: String(reason) }));
  let at = 0;
  for (const [server, url] of Object.entries(PEERS)) {
    const client = createClient({ url, key: "lyd_cli_test", context: { targetingKey: "ada" } });
    client.on("status", ({ state, lastError }) => {
      const { value, reason } = client.details("a", false);
      at += 1;
      report({ at, server, state, value, reason, error: lastError?.message ?? "" });
    });
  }
`;

interface Report {
  /** Grows with time, which the order of arrival need not follow. */
  at: number;
  server: string;
  state: string;
  value: boolean;
  reason: string;
  error: string;
  thrown?: string;
}

/** A browser tells nobody why a request got no answer. */
const UNANSWERED: Readonly<Record<string, string>> = {
  "redirects for ever": "Failed to fetch",
  "resets the connection": "Failed to fetch",
  "is stopped": "Failed to fetch",
};
const STOPPED = "is stopped";
const WAIT = { timeout: 60_000 };

const peers = new Map<string, ProtocolPeer>();
let page: ReportingPage<Report>;

beforeAll(async () => {
  for (const server of [...Object.keys(FAULTS), STOPPED])
    peers.set(server, await ProtocolPeer.start({ a: booleanFlag() }));
  const urls = Object.fromEntries([...peers].map(([server, { url }]) => [server, url]));
  page = await openPage({ app: APP, define: { PEERS: urls }, connect: Object.values(urls).join(" ") });
});

afterAll(async () => {
  page?.close();
  await Promise.all([...peers.values()].map((peer) => peer.stop()));
});

/** What a server's client says, later than that, that fits. */
function says(server: string, after: number, fits: (report: Report) => boolean): Promise<Report> {
  return vi.waitFor(() => {
    const found = page.reports.find((each) => each.server === server && each.at > after && fits(each));
    if (!found)
      throw new Error(`${server}: ${JSON.stringify(page.reports.filter((each) => each.server === server))}`);
    return found;
  }, WAIT);
}

const isLive = ({ state }: Report) => state === "live";

describe("in Chromium, a server that", { timeout: 120_000 }, () => {
  it.concurrent.each(Object.entries(FAULTS))(
    "%s harms nothing, is named, and is recovered from",
    async (server, [fault, words]) => {
      const peer = peers.get(server) as ProtocolPeer;
      const { at: begun } = await says(server, 0, isLive);
      peer.misbehave = fault;
      peer.cut();
      const named = UNANSWERED[server] ?? words;
      const { at } = await says(
        server,
        begun,
        ({ state, error }) => state === "stale" && error.includes(named),
      );
      peer.misbehave = () => false;
      await says(server, at, isLive);
    },
  );

  it.concurrent("is stopped harms nothing, is named, and is recovered from when it is back", async () => {
    const peer = peers.get(STOPPED) as ProtocolPeer;
    const { port } = peer;
    const { at: begun } = await says(STOPPED, 0, isLive);
    await peer.stop();
    const { at } = await says(
      STOPPED,
      begun,
      ({ state, error }) => state === "stale" && error === "Failed to fetch",
    );
    peers.set(STOPPED, await ProtocolPeer.start({ a: booleanFlag() }, port));
    await says(STOPPED, at, isLive);
  });
});

it("in all of that nothing is thrown, and no answer is another", () => {
  expect(page.reports.filter(({ thrown }) => thrown)).toEqual([]);
  const answered = page.reports.filter(({ state }) => state !== "empty");
  expect(new Set(answered.map(({ value, reason }) => `${value} ${reason}`))).toEqual(
    new Set(["true fallthrough"]),
  );
});
