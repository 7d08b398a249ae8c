import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  booleanFlag,
  killOf,
  next,
  ProtocolPeer,
  until,
  valueFlag,
} from "../../sdk-core/src/testing/index.ts";
import { type Client, type ClientOptions, createClient } from "./index.ts";

const KEY = "lyd_srv_test";
const flags = () => ({
  "new-checkout": booleanFlag({
    fallthrough: {
      split: {
        unit: "targetingKey",
        weights: [
          { variation: "on", weight: 25_000 },
          { variation: "off", weight: 75_000 },
        ],
      },
    },
  }),
  banner: valueFlag("string", "pro", "none"),
  limit: valueFlag("number", 12, 0),
  theme: valueFlag("json", { colours: ["red"] }),
});

let peer: ProtocolPeer;
const clients: Client[] = [];

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: peer.url, key: KEY, logger: { warn() {} }, ...options });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  // Draws short delays.
  vi.spyOn(Math, "random").mockReturnValue(0.05);
  peer = await ProtocolPeer.start(flags());
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await peer.stop();
});

describe("reads", () => {
  it("answer at once with the default, and from the rules once they are there", async () => {
    const client = connect();
    expect(client.status()).toMatchObject({ state: "empty", source: "none", ageMs: Infinity });
    expect(client.string("banner", {}, "default")).toBe("default");
    expect(await client.ready()).toMatchObject({ state: "live", source: "stream", epoch: 1, revision: 1 });
    expect(client.string("banner", {}, "default")).toBe("pro");
    expect(client.number("limit", {}, 1)).toBe(12);
    expect(client.json("theme", {}, {})).toEqual({ colours: ["red"] });
  });

  it("give the default where the type is another, and never throw", async () => {
    const client = connect();
    await client.ready();
    expect(client.boolean("banner", {}, true)).toBe(true);
    expect(client.details("limit", {}, "x")).toMatchObject({ value: "x", reason: "type-mismatch" });
    expect(client.json("banner", {}, { kept: true })).toEqual({ kept: true });
    for (const context of [undefined, null, 5, "x", new Proxy({}, { ownKeys: () => ["x"] })]) {
      expect(client.boolean("new-checkout", context as never, true)).toBeTypeOf("boolean");
    }
    for (const key of ["__proto__", "constructor", "", undefined as never]) {
      expect(client.string(key, {}, "x")).toBe("x");
    }
  });

  it("explain themselves", async () => {
    const client = connect();
    await client.ready();
    const { ageMs, ...details } = client.details("new-checkout", { targetingKey: "u-1" }, false);
    expect(details).toEqual({
      value: client.boolean("new-checkout", { targetingKey: "u-1" }, false),
      variation: details.value ? "on" : "off",
      reason: "fallthrough",
      split: true,
      revision: 1,
      source: "stream",
    });
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(client.details("new-checkout", {}, true)).toMatchObject({ value: false, reason: "unit-missing" });
    expect(client.details("missing", {}, "x")).toMatchObject({
      value: "x",
      variation: undefined,
      reason: "flag-not-found",
    });
  });

  it("give JSON that no caller can change for another", async () => {
    const client = connect();
    await client.ready();
    const theme = client.json("theme", {}, { colours: [""] });
    expect(() => theme.colours.push("blue")).toThrow(TypeError);
    expect(client.json("theme", {}, {})).toEqual({ colours: ["red"] });
  });

  it("go on after close, from the last rules", async () => {
    const client = connect();
    await client.ready();
    await client.close();
    expect(client.status().state).toBe("closed");
    expect(client.string("banner", {}, "default")).toBe("pro");
    expect(await client.ready()).toMatchObject({ state: "closed" });
  });
});

describe("following the server", () => {
  it("applies patches and names the keys that can answer otherwise", async () => {
    const client = connect();
    await client.ready();
    const changed = next(client, "change");
    peer.change({ banner: valueFlag("string", "enterprise"), limit: null });
    const { keys, revision } = await changed;
    expect([keys.sort(), revision]).toEqual([["banner", "limit"], 2]);
    expect(client.string("banner", {}, "")).toBe("enterprise");
    expect(client.number("limit", {}, 7)).toBe(7);
  });

  it("kills and lifts at once, and tells so", async () => {
    const client = connect();
    await client.ready();
    const killed = next(client, "kill");
    peer.kill(killOf("banner"));
    expect(await killed).toEqual({ kind: "killed", elements: [killOf("banner")] });
    expect(client.details("banner", {}, "x")).toMatchObject({ value: "none", reason: "killed" });
    const lifted = next(client, "kill");
    peer.lift({ id: "kill_banner", flag: "banner" });
    expect(await lifted).toEqual({ kind: "lifted", elements: [{ id: "kill_banner", flag: "banner" }] });
    expect(client.string("banner", {}, "x")).toBe("pro");
  });

  it("resumes by what it has applied and the kills it holds", async () => {
    const client = connect();
    await client.ready();
    peer.kill(killOf("banner"));
    await next(client, "kill");
    peer.cut();
    await until(client, () => client.status().state === "stale");
    peer.commit({ limit: valueFlag("number", 99) });
    peer.lift(killOf("banner"));
    await until(client, () => client.status().state === "live");
    const query = peer.requests("/sdk/v1/stream").at(-1)?.query;
    expect(Object.fromEntries(query ?? [])).toEqual({ epoch: "1", revision: "1", kills: "kill_banner" });
    expect(client.number("limit", {}, 0)).toBe(99);
    expect(client.string("banner", {}, "x")).toBe("pro");
  });

  it("keeps a kill that a newly connected server knows nothing about", async () => {
    const client = connect();
    await client.ready();
    peer.send("kill", { elements: [killOf("banner", "elsewhere")], kills: 1, confirmWithinMs: 0 });
    await next(client, "kill");
    peer.cut();
    await until(client, () => client.status().state === "stale");
    await until(client, () => client.status().state === "live");
    peer.send("put", { ...peer.ruleset, epoch: 2, revision: 1 });
    await until(client, () => client.status().epoch === 2);
    expect(client.details("banner", {}, "x").reason).toBe("killed");
  });

  it("follows a new epoch, however low its revision", async () => {
    peer.ruleset = { ...peer.ruleset, revision: 500 };
    const client = connect();
    await client.ready();
    peer.ruleset = { ...peer.ruleset, epoch: 2, revision: 3 };
    peer.send("put", { ...peer.ruleset, epoch: 1, revision: 499 });
    peer.send("put", peer.ruleset);
    await until(client, () => client.status().epoch === 2);
    expect(client.status()).toMatchObject({ revision: 3, state: "live" });
  });

  it("repairs itself after a missed patch, a missed kill and a repeated patch", async () => {
    const client = connect();
    await client.ready();
    peer.commit({ limit: valueFlag("number", 1) });
    peer.change({ limit: valueFlag("number", 2) });
    await until(client, () => client.status().revision === 3);
    expect(client.number("limit", {}, 0)).toBe(2);
    const { flags: current } = peer.ruleset;
    peer.send("patch", {
      epoch: 1,
      from: 1,
      to: 2,
      flags: { limit: valueFlag("number", 666) },
      segments: {},
    });
    peer.ruleset = { ...peer.ruleset, kills: [killOf("banner")] };
    peer.killCounter += 1;
    peer.heartbeat();
    await next(client, "kill");
    expect(client.number("limit", {}, 0)).toBe(2);
    expect(peer.ruleset.flags).toBe(current);
    expect(peer.mostStreams).toBe(1);
  });

  it("comes back when told to by a goodbye", async () => {
    const client = connect();
    await client.ready();
    peer.send("goodbye", { reconnectInMs: 5 });
    await until(client, () => client.status().state === "stale");
    await until(client, () => client.status().state === "live");
    expect(client.status().lastError).toBeUndefined();
    expect(peer.mostStreams).toBe(1);
  });

  it("ignores frames it does not know", async () => {
    const client = connect();
    await client.ready();
    peer.send("constructor", {});
    peer.send("tomorrow", { anything: true });
    const changed = next(client, "change");
    peer.change({ limit: null });
    await changed;
    expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  });

  it("says who it is", async () => {
    await connect().ready();
    const { headers } = peer.requests("/sdk/v1/stream")[0] ?? expect.fail("no request");
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(headers["lanyard-sdk"]).toMatch(/^node\/\d/);
    expect(headers["lanyard-instance"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("usage", () => {
  it("reaches the server as sums, exactly once, with the close at the latest", async () => {
    const client = connect();
    await client.ready();
    for (let i = 0; i < 1_000; i++) client.boolean("new-checkout", { targetingKey: `u-${i}` }, false);
    expect(await client.flush()).toBe(true);
    for (let i = 0; i < 10; i++) client.string("banner", {}, "");
    client.boolean("banner", {}, false);
    await client.close();
    const rows = [...peer.batches.values()].flat();
    const sum = (flag: string) =>
      rows.filter((row) => row.flag === flag).reduce((n, { count }) => n + count, 0);
    expect(sum("new-checkout")).toBe(1_000);
    expect(sum("banner")).toBe(11);
    expect(rows).toContainEqual({ flag: "banner", variation: null, reason: "type-mismatch", count: 1 });
    expect(rows).toContainEqual({ flag: "banner", variation: "on", reason: "fallthrough", count: 10 });
  });
});

describe("what is tracked", () => {
  it("reaches the server as count and sum, and nothing but finite numbers does", async () => {
    const client = connect();
    await client.ready();
    client.track("checkout-ms", { targetingKey: "u-1" }, { value: 120 });
    client.track("checkout-ms", {}, { value: 80.5 });
    client.track("checkout-ms", {}, { value: Number.NaN });
    client.track("signed-up", {});
    await client.flush();
    expect(peer.metrics).toEqual([
      { metric: "checkout-ms", count: 2, sum: 200.5 },
      { metric: "signed-up", count: 1, sum: 0 },
    ]);
  });
});

describe("hooks and listeners", () => {
  /** As an async one fails: unheard, it would fail the whole run, and end a process. */
  const later = (): unknown => Promise.reject(new Error("later"));

  it("run around every read, may change its context, and harm nothing by throwing", async () => {
    const seen: string[] = [];
    const client = connect({
      hooks: [
        {
          before: (_, context) => ({ ...context, targetingKey: "u-1" }),
          after: (key, context, { reason }) => seen.push(`${key} ${context.targetingKey} ${reason}`),
        },
        {
          before() {
            throw new Error("before");
          },
          after() {
            throw new Error("after");
          },
        },
        { after: later },
      ],
    });
    await client.ready();
    client.boolean("new-checkout", {}, false);
    client.string("banner", {}, "");
    client.number("limit", {}, 0);
    client.json("theme", {}, {});
    client.details("missing", {}, false);
    const reasons = ["new-checkout", "banner", "limit", "theme"].map((key) => `${key} u-1 fallthrough`);
    expect(seen).toEqual([...reasons, "missing u-1 flag-not-found"]);
  });

  it("tells all listeners, whatever one of them throws, until they have had enough", async () => {
    const client = connect();
    await client.ready();
    let calls = 0;
    client.on("kill", () => {
      throw new Error("listener");
    });
    client.on("kill", later);
    const off = client.on("kill", () => (calls += 1));
    peer.kill(killOf("banner"));
    await until(client, () => calls === 1);
    off();
    off();
    peer.lift(killOf("banner"));
    await next(client, "change");
    expect(calls).toBe(1);
  });
});
