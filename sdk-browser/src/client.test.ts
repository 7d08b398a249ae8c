import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  booleanFlag,
  killOf,
  next,
  onStream,
  ProtocolPeer,
  permissionFlag,
  rulesetOf,
  statusOf,
  until,
  valueFlag,
} from "../../sdk-core/src/testing/index.ts";
import { type Client, type ClientOptions, createClient } from "./index.ts";

const KEY = "lyd_cli_test";
const AWAY = "http://127.0.0.1:65533";

/** What the page around the client is: its storage, its events. */
class Page extends EventTarget {
  readonly stored = new Map<string, string>();
  visibilityState = "visible";

  install(): void {
    vi.stubGlobal("localStorage", {
      getItem: (name: string) => this.stored.get(name) ?? null,
      setItem: (name: string, text: string) => this.stored.set(name, text),
      removeItem: (name: string) => this.stored.delete(name),
    });
    vi.stubGlobal("document", this);
    vi.stubGlobal("addEventListener", this.addEventListener.bind(this));
    vi.stubGlobal("removeEventListener", this.removeEventListener.bind(this));
  }

  tell(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}

let peer: ProtocolPeer;
let page: Page;
const clients: Client[] = [];
const plan = (value: string) => ({ attribute: "plan", operator: "in", values: [value] });

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: peer.url, key: KEY, ...options });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.05);
  page = new Page();
  page.install();
  peer = await ProtocolPeer.start({
    everybody: booleanFlag(),
    pros: booleanFlag({
      rules: [{ id: "r1", when: plan("pro"), serve: { variation: "on" } }],
      fallthrough: { variation: "off" },
    }),
    banner: valueFlag("string", "hello", "none"),
    limit: valueFlag("number", 3, 0),
    theme: valueFlag("json", { dark: true }),
  });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await peer.stop();
});

describe("reads", () => {
  it("decide for the identified context, or for the one given in its place", async () => {
    const client = connect({ context: { targetingKey: "ada", plan: "pro" } });
    expect((await client.ready()).state).toBe("live");
    expect(client.boolean("pros", false)).toBe(true);
    expect(client.boolean("pros", { plan: "free" }, true)).toBe(false);
    expect(client.string("banner", "")).toBe("hello");
    expect(client.number("limit", 0)).toBe(3);
    expect(client.json("theme", {})).toEqual({ dark: true });
    expect(client.details("pros", false)).toMatchObject({ value: true, reason: "rule", ruleId: "r1" });
    expect(client.details("pros", { plan: "free" }, true)).toMatchObject({
      value: false,
      reason: "fallthrough",
    });
    expect(client.details("missing", "x")).toMatchObject({ value: "x", reason: "flag-not-found" });
  });

  it("follow changes and kills", async () => {
    const client = connect();
    await client.ready();
    peer.kill(killOf("banner"));
    await next(client, "kill");
    expect(client.details("banner", "x")).toMatchObject({ value: "none", reason: "killed" });
    const changed = next(client, "change", ({ keys }) => keys.includes("limit"));
    peer.change({ limit: valueFlag("number", 4) });
    await changed;
    expect(client.number("limit", 0)).toBe(4);
  });

  it("take operators that not every page needs", async () => {
    const { operators } = await import("./operators.ts");
    const when = { attribute: "email", operator: "matches", values: ["^a.*@example[.]com$"] };
    const bootstrap = rulesetOf({
      staff: booleanFlag({ rules: [{ id: "r", when, serve: { variation: "on" } }] }),
    });
    const context = { email: "ada@example.com" };
    expect(createClient({ bootstrap, context }).details("staff", false).reason).toBe("unsupported");
    expect(createClient({ bootstrap, context, operators }).details("staff", false).reason).toBe("rule");
  });
});

describe("a server that", () => {
  it.each([401, 403, 404])("refuses with %i lets ready settle at once", async (code) => {
    peer.misbehave = statusOf(code);
    const settled = await connect().ready({ timeoutMs: 60_000 });
    expect(settled).toMatchObject({ state: "empty", lastError: { status: code } });
  });

  it("answers with another content type where streams should be is polled instead", async () => {
    peer.misbehave = onStream((response) => response.writeHead(200, { "content-type": "text/html" }).end());
    const client = connect();
    expect(await client.ready()).toMatchObject({ state: "live", source: "poll" });
    expect(client.boolean("everybody", false)).toBe(true);
  });
});

describe("identify", () => {
  it("decides for somebody else at once, without a request, and names the keys that answer otherwise", async () => {
    const client = connect({ context: { targetingKey: "ada" } });
    await client.ready();
    const requests = peer.received.length;
    const changes: string[][] = [];
    client.on("change", ({ keys }) => changes.push(keys));
    client.identify({ targetingKey: "ada", plan: "pro" });
    expect(client.boolean("pros", false)).toBe(true);
    client.identify({ targetingKey: "ada", plan: "pro", colour: "red" });
    client.identify({ targetingKey: "bob" });
    expect(changes).toEqual([["pros"], ["pros"]]);
    expect(peer.received).toHaveLength(requests);
    expect(client.context).toEqual({ targetingKey: "bob" });
  });

  it("gives an anonymous visitor a unit of their own, and keeps it", () => {
    const unit = connect().context.targetingKey;
    expect(unit).toMatch(/^\d+(-\d+){3}$/);
    const later = connect({ context: { plan: "pro" } });
    expect(later.context).toEqual({ plan: "pro", targetingKey: unit });
    later.identify({ targetingKey: "ada" });
    later.identify({});
    expect(later.context.targetingKey).toBe(unit);
  });

  it("takes an empty targetingKey for none, and zero for a user", () => {
    const unit = connect().context.targetingKey;
    const client = connect({ context: { targetingKey: "" } });
    expect(client.context.targetingKey).toBe(unit);
    client.identify({ targetingKey: 0 });
    expect(client.context.targetingKey).toBe(0);
  });

  it.each([undefined, null])("takes %s, as after a logout, for the anonymous visitor", (nobody) => {
    const unit = connect().context.targetingKey;
    const client = connect({ context: nobody as never });
    client.identify({ targetingKey: "ada" });
    client.identify(nobody as never);
    expect(client.context).toEqual({ targetingKey: unit });
  });

  it("keeps its own copy of the context", () => {
    const context = { targetingKey: "ada", plan: "pro" };
    const client = connect({ bootstrap: peer.ruleset, context });
    context.plan = "free";
    expect(client.boolean("pros", false)).toBe(true);
  });
});

it("takes options that are undefined as left out", async () => {
  const absent: Record<keyof ClientOptions, undefined> = {
    url: undefined,
    key: undefined,
    context: undefined,
    signedContext: undefined,
    bootstrap: undefined,
    operators: undefined,
    hooks: undefined,
  };
  const client = createClient({ ...absent, bootstrap: rulesetOf({ checkout: booleanFlag() }) });
  expect(client.boolean("checkout", false)).toBe(true);
  await client.close();
  expect(() => createClient(absent)).toThrow("give `url` and `key`, or `bootstrap`");
});

describe("what is kept locally", () => {
  const ada = { targetingKey: "ada" };

  it("answers at once when the server is away", async () => {
    const client = connect({ context: ada });
    await client.ready();
    await client.close();
    const later = connect({ url: AWAY, context: ada });
    expect(later.string("banner", "x")).toBe("hello");
    expect(later.status()).toMatchObject({ state: "cached", revision: 1 });
  });

  it("takes a kill at once, and the rules when the page is left", async () => {
    const client = connect({ context: ada });
    await client.ready();
    page.tell("pagehide");
    const rules = page.stored.get(`lanyard:${KEY}`);
    peer.kill(killOf("banner"));
    await next(client, "kill");
    expect(page.stored.get(`lanyard:${KEY}`)).toBe(rules);
    const reasonNow = () => connect({ url: AWAY, context: ada }).details("banner", "x").reason;
    expect(reasonNow()).toBe("killed");
    peer.lift(killOf("banner"));
    await next(client, "kill");
    expect(reasonNow()).toBe("fallthrough");
    page.stored.set(`lanyard:${KEY}:kills`, "{");
    expect(reasonNow()).toBe("fallthrough");
  });

  it("is for one identity: the next user finds nothing of the last one's", async () => {
    const client = connect({ context: ada });
    await client.ready();
    await client.close();
    expect(page.stored.get(`lanyard:${KEY}`)).toContain("hello");
    expect(connect({ url: AWAY, context: { targetingKey: "bob" } }).status().state).toBe("empty");
    expect([...page.stored.values()].join()).not.toMatch(/ada|hello/);
    const again = connect({ context: ada });
    again.identify({ targetingKey: "bob" });
    expect(connect({ url: AWAY, context: ada }).status().state).toBe("empty");
    expect([...page.stored.values()].join()).not.toContain("ada");
  });

  it.each([
    ["missing", undefined],
    [
      "forbidden",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("SecurityError");
          },
        },
      ),
    ],
    [
      "full",
      {
        getItem: () => null,
        removeItem() {},
        setItem() {
          throw new Error("QuotaExceededError");
        },
      },
    ],
  ])("may be %s", async (_, storage) => {
    vi.stubGlobal("localStorage", storage);
    const client = connect();
    expect((await client.ready()).state).toBe("live");
    expect(client.string("banner", "")).toBe("hello");
    client.identify({ targetingKey: "bob" });
    await client.close();
  });
});

describe("a page that", () => {
  it.each(["pagehide", "visibilitychange"])("goes away (%s) sends its usage a last time", async (name) => {
    const client = connect();
    await client.ready();
    client.boolean("everybody", false);
    client.track("seen", { value: 2 });
    page.visibilityState = "hidden";
    page.tell(name);
    await peer.until(() => peer.batches.size === 1);
    expect(peer.metrics).toEqual([{ metric: "seen", count: 1, sum: 2 }]);
    expect([...peer.batches.values()].flat()).toEqual([
      { flag: "everybody", variation: "on", reason: "fallthrough", count: 1 },
    ]);
    expect([...page.stored.keys()]).toContain(`lanyard:${KEY}`);
  });

  it("is back online does not wait for the end of a delay", async () => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(401).end());
    const client = connect();
    expect((await client.ready()).state).toBe("empty");
    peer.misbehave = () => false;
    page.tell("online");
    await until(client, () => client.status().state === "live");
  });

  it("closed its client hears nothing more of it", async () => {
    const client = connect();
    await client.ready();
    await client.close();
    client.boolean("everybody", false);
    page.tell("pagehide");
    page.tell("online");
    expect(peer.batches.size).toBe(0);
    expect(peer.requests("/sdk/v1/stream")).toHaveLength(1);
  });

  it("is rendered on a server, without window or storage, decides from its bootstrap", async () => {
    for (const name of ["document", "addEventListener", "removeEventListener", "localStorage"]) {
      vi.stubGlobal(name, undefined);
    }
    const client = connect({ url: AWAY, bootstrap: peer.ruleset });
    expect(client.string("banner", "x")).toBe("hello");
    await client.close();
  });

  it("is rendered on a server request by request leaves nothing behind, even without close", () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const client = createClient({ bootstrap: rulesetOf({ permission: permissionFlag(3_600) }) });
    expect(client.boolean("permission", false)).toBe(true);
    expect(timers).not.toHaveBeenCalled();
  });
});

describe("the options", () => {
  it.each([
    [{}, "give `url` and `key`, or `bootstrap`"],
    [{ url: "http://localhost" }, "give `url` and `key`"],
    [{ url: "localhost", key: "k" }, "must be an http or https URL"],
    [{ url: "http://localhost", key: "lyd_srv_x" }, "`key` must be a client key"],
    [{ bootstrap: rulesetOf({ secret: booleanFlag({ audience: "server" }) }) }, "a ruleset for clients"],
    [{ bootstrap: { flags: {} } }, "a ruleset for clients"],
    [{ bootstrap: rulesetOf({}), hooks: { after() {} } }, "`hooks` must be a list"],
    [{ bootstrap: rulesetOf({}), signedContext: "e30.e30.x" }, "`signedContext` must be a function"],
    [{ bootstrap: rulesetOf({}), polling: true }, "`polling` is no option"],
  ])("%j are refused at once, in words", (options, words) => {
    expect(() => createClient(options as ClientOptions)).toThrow(words);
  });
});

it("carries no cookie and leaves the headers that a browser need not send", async () => {
  await connect().ready();
  const { headers } = peer.requests("/sdk/v1/stream")[0] ?? expect.fail("no request");
  expect(headers.authorization).toBe(`Bearer ${KEY}`);
  expect(headers.cookie).toBeUndefined();
  expect(headers["lanyard-instance"]).toBeUndefined();
});
