import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  booleanFlag,
  drip,
  killOf,
  next,
  ProtocolPeer,
  rulesetOf,
  until,
  valueFlag,
} from "../../sdk-core/src/testing/index.ts";
import { type Client, createClient } from "./index.ts";

let folder: string;
const clients: Client[] = [];

function keep(client: Client): Client {
  clients.push(client);
  return client;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-modes-"));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  rmSync(folder, { recursive: true, force: true });
});

describe("snapshot mode", () => {
  let peer: ProtocolPeer;

  beforeEach(async () => {
    peer = await ProtocolPeer.start({ a: booleanFlag() });
  });

  afterEach(() => peer.stop());

  const connect = (url = peer.url) =>
    keep(createClient({ url, key: "k", mode: "snapshot", dataDir: folder, logger: { warn() {} } }));

  it.each([Infinity, 2 ** 31, 9_999.5])("takes any number of milliseconds to wait: %d", async (timeoutMs) => {
    expect((await connect().ready({ timeoutMs })).state).toBe("live");
  });

  it.each([0, -1, Number.NaN])("does not wait for %d milliseconds, and never rejects", async (timeoutMs) => {
    peer.misbehave = () => true;
    const { state, lastError } = await connect().ready({ timeoutMs });
    expect([state, lastError?.message]).toEqual(["empty", "The operation was aborted due to timeout"]);
  });

  it("waits as long as each caller said, whoever asked before", async () => {
    let answer = (): void => {};
    peer.misbehave = (_, response) => {
      answer = () =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(peer.ruleset));
      return true;
    };
    const client = connect();
    const patient = client.ready({ timeoutMs: Infinity });
    const { state, lastError } = await client.ready({ timeoutMs: 20 });
    expect([state, lastError]).toEqual(["empty", undefined]);
    const hasty = client.ready({ timeoutMs: 1 });
    await Promise.all([hasty, peer.until(() => peer.received.length === 1)]);
    answer();
    expect((await patient).state).toBe("live");
    expect(peer.received).toHaveLength(1);
  });

  it("leaves no answer open that it did not read to its end", async () => {
    let open = 0;
    peer.misbehave = (_, response) => {
      open += 1;
      response.on("close", () => {
        open -= 1;
      });
      return drip(response, 403, "application/problem+json", "{");
    };
    const { lastError } = await connect().ready({ timeoutMs: 60_000 });
    expect(lastError?.message).toBe("the server answered 403");
    await peer.until(() => open === 0);
  });

  it("opens no stream and sets no timer; ready asks, cheaply when nothing changed", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const client = connect();
    expect(peer.received).toHaveLength(0);
    expect(await client.ready()).toMatchObject({ state: "live", source: "poll", revision: 1 });
    expect(client.boolean("a", {}, false)).toBe(true);
    peer.commit({ a: booleanFlag({ on: false }) });
    peer.kill(killOf("b"));
    await client.ready();
    await client.ready();
    expect(client.boolean("a", {}, true)).toBe(false);
    expect(peer.requests("/sdk/v1/stream")).toEqual([]);
    expect(peer.requests("/sdk/v1/ruleset").at(-1)?.headers["if-none-match"]).toBe('"1-2-1"');
    const ours = timers.mock.calls.filter(([task]) => String(task).includes("lanyard"));
    expect(ours).toEqual([]);
  });

  it("sends usage and keeps the rules by flush, for the next start", async () => {
    const client = connect();
    await client.ready();
    client.boolean("a", {}, false);
    expect(await client.flush()).toBe(true);
    expect([...peer.batches.values()].flat()).toMatchObject([{ flag: "a", count: 1 }]);
    const later = connect("http://127.0.0.1:65533");
    expect(later.boolean("a", {}, false)).toBe(true);
    expect((await later.ready()).state).toBe("cached");
    expect(later.status().lastError?.message).toContain("ECONNREFUSED");
  });

  it("keeps its last good rules through every failure, and settles", async () => {
    const client = connect();
    await client.ready();
    for (const code of [401, 500, 200]) {
      peer.misbehave = (_, response) => Boolean(response.writeHead(code).end("<html>"));
      expect((await client.ready()).state).toBe("stale");
      expect(client.boolean("a", {}, false)).toBe(true);
    }
    peer.misbehave = () => true;
    expect((await client.ready({ timeoutMs: 20 })).state).toBe("stale");
    peer.misbehave = () => false;
    expect((await client.ready()).state).toBe("live");
    await client.close();
    expect((await client.ready()).state).toBe("closed");
  });
});

describe("a file in place of a server", () => {
  const write = (content: unknown) => {
    writeFileSync(join(folder, "draft"), typeof content === "string" ? content : JSON.stringify(content));
    renameSync(join(folder, "draft"), join(folder, "flags.json"));
  };
  const open = () => keep(createClient({ file: join(folder, "flags.json"), logger: { warn() {} } }));

  it("holds a value for each flag, and is followed while it is edited", async () => {
    write({ checkout: true, banner: "pro" });
    const client = open();
    expect((await client.ready()).state).toBe("live");
    expect(client.boolean("checkout", {}, false)).toBe(true);
    const changed = next(client, "change");
    write({ checkout: false, banner: "pro" });
    expect((await changed).keys).toEqual(["checkout"]);
    expect(client.boolean("checkout", {}, true)).toBe(false);
    const failed = next(client, "status");
    write("{ half");
    expect(await failed).toMatchObject({ state: "stale" });
    await until(client, () => client.status().lastError?.message.includes("flags.json") === true);
    expect(client.string("banner", {}, "x")).toBe("pro");
    write({ checkout: true, banner: "free" });
    await until(client, () => client.status().state === "live");
    expect(client.string("banner", {}, "x")).toBe("free");
  });

  it("may hold a ruleset", () => {
    write(rulesetOf({ limit: valueFlag("number", 3) }));
    expect(open().number("limit", {}, 0)).toBe(3);
  });

  it("kills while it lists the kill, as often as that is put in", async () => {
    const rules = rulesetOf({ a: booleanFlag() });
    write(rules);
    const client = open();
    for (const times of [1, 2]) {
      write({ ...rules, kills: [killOf("a")] });
      await next(client, "kill", ({ kind }) => kind === "killed");
      expect([times, client.details("a", {}, true).reason]).toEqual([times, "killed"]);
      write({ ...rules, kills: [killOf("a"), killOf("b")] });
      await until(client, () => client.status().revision === 4 * times - 1);
      expect([times, client.boolean("a", {}, true)]).toEqual([times, false]);
      write({ a: true });
      await next(client, "kill", ({ kind }) => kind === "lifted");
      expect([times, client.boolean("a", {}, false)]).toEqual([times, true]);
      write(rules);
      await until(client, () => client.status().revision === 4 * times + 1);
    }
  });

  it("that is missing or of no use is said, and the defaults answer until it comes", async () => {
    const client = open();
    expect(client.status().lastError?.message).toContain("ENOENT");
    expect(client.boolean("checkout", {}, true)).toBe(true);
    const changed = next(client, "change");
    write({ checkout: false });
    await changed;
    expect(client.boolean("checkout", {}, true)).toBe(false);
    write([1, 2]);
    await until(client, () => client.status().lastError?.message.includes("expected a ruleset") === true);
  });
});
