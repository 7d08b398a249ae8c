import type { ServerResponse } from "node:http";
import { isDeepStrictEqual } from "node:util";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  booleanFlag,
  drip,
  FAULTS,
  frame,
  impatient,
  onStream,
  ProtocolPeer,
  refusal,
  statusOf as status,
  until,
} from "../../sdk-core/src/testing/index.ts";
import { type Client, createClient } from "./index.ts";

let peer: ProtocolPeer;
let warnings: string[];
const clients: Client[] = [];

function connect(url = peer.url): Client {
  const client = createClient({
    url,
    key: "lyd_srv_test",
    logger: { warn: (message) => warnings.push(message) },
  });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  // Draws short delays.
  vi.spyOn(Math, "random").mockReturnValue(0.05);
  warnings = [];
  peer = await ProtocolPeer.start({ a: booleanFlag() });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await peer.stop();
});

it("counts what was damaged on the way and what differed, and the server is told", async () => {
  const client = connect();
  await client.ready();
  expect(client.status()).toMatchObject({ refusedFrames: 0, mismatches: 0 });
  await peer.until(() => peer.receipts().length > 0);
  expect(peer.receipts()[0]).not.toHaveProperty("mismatches");
  peer.heartbeat({ digest: "00000000" });
  await until(client, () => client.status().mismatches === 1);
  peer.raw("event: patch\ndata: {\n\n");
  await until(client, () => client.status().refusedFrames === 1);
  await until(client, () => client.status().state === "live");
  peer.raw(Uint8Array.from([0xff]));
  await until(client, () => client.status().refusedFrames === 2);
  const counts = { refusedFrames: 2, mismatches: 1 };
  const tells = (receipt: object) => isDeepStrictEqual({ ...receipt, ...counts }, receipt);
  await peer.until(() => peer.receipts().some(tells));
});

describe("a server that", () => {
  beforeEach(() => vi.stubGlobal("setTimeout", impatient(setTimeout)));

  it.each(Object.entries(FAULTS))(
    "%s harms nothing, is named, and is recovered from",
    async (_, [fault, words]) => {
      peer.misbehave = fault;
      const client = connect();
      await until(client, () => client.status().lastError?.message.includes(words) === true);
      expect(client.boolean("a", {}, true)).toBe(true);
      peer.misbehave = () => false;
      await until(client, () => client.status().state === "live");
      expect(client.details("a", {}, false)).toMatchObject({ value: true, reason: "fallthrough" });
    },
  );

  it.each(Object.entries(FAULTS))(
    "%s after a good start leaves the last good rules",
    async (_, [fault, words]) => {
      const client = connect();
      await client.ready();
      peer.misbehave = fault;
      peer.cut();
      await until(client, () => client.status().lastError !== undefined && client.status().state === "stale");
      await until(client, () => client.status().lastError?.message.includes(words) === true);
      expect(client.details("a", {}, false)).toMatchObject({ value: true, revision: 1 });
      peer.misbehave = () => false;
      await until(client, () => client.status().state === "live");
    },
  );
});

describe("a server that", () => {
  it("is stopped leaves the last good rules, is named, and is followed when it is back", async () => {
    const client = connect();
    await client.ready();
    const { port } = peer;
    await peer.stop();
    await until(client, () => client.status().lastError?.message.includes("ECONNREFUSED") === true);
    expect(client.status().state).toBe("stale");
    expect(client.details("a", {}, false)).toMatchObject({ value: true, revision: 1 });
    peer = await ProtocolPeer.start({ a: booleanFlag() }, port);
    await until(client, () => client.status().state === "live");
  });

  it.each([401, 403, 404])("refuses with %i lets ready settle at once and is asked again", async (code) => {
    peer.misbehave = status(code);
    const client = connect();
    const settled = await client.ready({ timeoutMs: 60_000 });
    expect(settled.state).toBe("empty");
    expect(settled.lastError?.message).toContain(String(code));
    expect(warnings).toEqual([`lanyard: ${settled.lastError?.message}`]);
  });

  it("says why it refuses is quoted, at no great length, and not without a reason", async () => {
    for (const [detail, quoted] of [
      ["its aud does not name this", ": its aud does not name this"],
      ["x".repeat(9_000), `: ${"x".repeat(500)}`],
      [undefined, ""],
    ]) {
      peer.misbehave = refusal(detail);
      const { lastError } = await connect().ready({ timeoutMs: 60_000 });
      expect(lastError).toMatchObject({ message: `the server answered 403${quoted}`, status: 403 });
    }
  });

  it("begins a reason and never goes on does not hold up a close", async () => {
    const asked: ServerResponse[] = [];
    peer.misbehave = onStream((response) => {
      response.writeHead(403, { "content-type": "application/problem+json" }).flushHeaders();
      asked.push(response);
    });
    const client = connect();
    await peer.until(() => asked.length === 1);
    await client.close();
    await peer.until(() => asked.every(({ destroyed }) => destroyed));
    expect(client.status().lastError).toBeUndefined();
  });

  it("is away at the start is waited for, and found when it comes", async () => {
    const { port } = peer;
    await peer.stop();
    const client = connect(`http://127.0.0.1:${port}/`);
    await until(client, () => client.status().lastError?.message.includes("ECONNREFUSED") === true);
    expect((await client.ready({ timeoutMs: 50 })).state).toBe("empty");
    expect(warnings).toHaveLength(1);
    peer = await ProtocolPeer.start({ a: booleanFlag() }, port);
    expect((await client.ready()).state).toBe("live");
  });

  it("is slow makes nobody wait", async () => {
    const held: (() => void)[] = [];
    peer.misbehave = ({ path }, response) => {
      if (path !== "/sdk/v1/stream") return false;
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      held.push(() =>
        response.write(frame("put", peer.ruleset) + frame("heartbeat", { ...peer.ruleset, kills: 0 })),
      );
      return true;
    };
    const client = connect();
    expect((await client.ready({ timeoutMs: 20 })).state).toBe("empty");
    expect(client.boolean("a", {}, false)).toBe(false);
    await peer.until(() => held.length > 0);
    for (const release of held) release();
    expect((await client.ready()).state).toBe("live");
  });

  it("answers with another content type is polled instead", async () => {
    peer.misbehave = onStream((response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<p>hi"),
    );
    const client = connect();
    expect(await client.ready()).toMatchObject({ state: "live", source: "poll" });
    expect(client.boolean("a", {}, false)).toBe(true);
    expect(peer.requests("/sdk/v1/ruleset")).toHaveLength(1);
  });

  it.each([
    ["in seconds", () => "1"],
    // Whole seconds are all that a date has.
    ["until a date", () => new Date(Date.now() + 2_000).toUTCString()],
  ])("asks for patience %s gets it", async (_, after) => {
    let since = Number.POSITIVE_INFINITY;
    peer.misbehave = onStream((response) => {
      since = performance.now();
      response.writeHead(503, { "retry-after": after() }).end();
    });
    const client = connect();
    await until(client, () => client.status().lastError !== undefined);
    peer.misbehave = () => false;
    expect((await client.ready({ timeoutMs: 15_000 })).state).toBe("live");
    expect(performance.now() - since).toBeGreaterThanOrEqual(900);
  });

  it("fails is told to a logger, and one that throws is no failure", async () => {
    peer.misbehave = status(500);
    const logger = {
      warn() {
        throw new Error("logger");
      },
    };
    const client = createClient({ url: peer.url, key: "k", logger });
    clients.push(client);
    await until(client, () => client.status().lastError !== undefined);
    peer.misbehave = () => false;
    expect((await client.ready({ timeoutMs: Number.POSITIVE_INFINITY })).state).toBe("live");
  });

  it("fails in turns is told of each failure once, and again after contact and ten minutes", async () => {
    const client = connect();
    await client.ready();
    const fails = async (code: number): Promise<void> => {
      const { lastError } = client.status();
      peer.misbehave = (_, response) => Boolean(response.writeHead(code).end());
      peer.cut();
      await until(
        client,
        () => client.status().lastError?.status === code && client.status().lastError !== lastError,
      );
    };
    for (const code of [500, 502, 500, 502]) await fails(code);
    const comesBack = async (): Promise<void> => {
      peer.misbehave = () => false;
      await until(client, () => client.status().state === "live");
    };
    const answers = () => warnings.filter((text) => text.includes("answered"));
    const told = ["lanyard: the server answered 500", "lanyard: the server answered 502"];
    await comesBack();
    await fails(500);
    expect(answers()).toEqual(told);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 600_000);
    await comesBack();
    expect(answers()).toEqual(told);
    await fails(500);
    expect(answers()).toEqual([...told, ...told.slice(0, 1)]);
  });

  it("fails in ever other words is told of twenty times, not for ever", async () => {
    let times = 0;
    peer.misbehave = (...exchange) => refusal(`reason ${++times}`)(...exchange);
    const client = createClient({
      url: peer.url,
      key: "k",
      mode: "snapshot",
      logger: { warn: (message) => warnings.push(message) },
    });
    clients.push(client);
    while (times < 30) await client.ready();
    expect(warnings).toHaveLength(20);
  });

  it("drips its answer to usage is not waited for, and what it did not take is kept", async () => {
    const client = connect();
    await client.ready();
    client.boolean("a", {}, false);
    let dripping = 0;
    peer.misbehave = ({ path }, response) => {
      if (path !== "/sdk/v1/events") return false;
      dripping += 1;
      response.on("close", () => {
        dripping -= 1;
      });
      return drip(response, 503, "application/problem+json", "{");
    };
    expect(await client.flush()).toBe(false);
    await peer.until(() => dripping === 0);
    peer.misbehave = () => false;
    expect(await client.flush()).toBe(true);
    expect([...peer.batches.values()].flat().map(({ count }) => count)).toEqual([1]);
  });

  it("refuses usage for good does not stop it from flowing later", async () => {
    const client = connect();
    await client.ready();
    client.boolean("a", {}, false);
    peer.misbehave = ({ path }, response) =>
      path === "/sdk/v1/events" && Boolean(response.writeHead(400).end());
    expect(await client.flush()).toBe(true);
    peer.misbehave = () => false;
    client.boolean("a", {}, false);
    expect(await client.flush()).toBe(true);
    expect([...peer.batches.values()].flat().map(({ count }) => count)).toEqual([1]);
  });

  it.each([
    ["", async () => {}],
    [
      ", nor does what was under way",
      async (client: Client) => {
        void client.flush();
        await peer.until(() => peer.requests("/sdk/v1/events").length === 1);
      },
    ],
  ])("cannot be reached at close does not hold it up%s", async (_, before) => {
    const client = connect();
    await client.ready();
    client.boolean("a", {}, false);
    peer.misbehave = () => true;
    await before(client);
    client.boolean("a", {}, false);
    const since = performance.now();
    await client.close();
    // Two seconds on a machine of its own; whatever is sent at other times is waited for ten.
    expect(performance.now() - since).toBeLessThan(9_000);
    expect(await client.flush()).toBe(false);
  });
});
