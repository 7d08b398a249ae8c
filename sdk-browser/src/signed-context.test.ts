import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { booleanFlag, ProtocolPeer, statusOf, until } from "../../sdk-core/src/testing/index.ts";
import { type Client, type ClientOptions, createClient } from "./index.ts";

const KEY = "lyd_cli_test";
const AWAY = "http://127.0.0.1:65533";
const stored = new Map<string, string>();
const clients: Client[] = [];
let peer: ProtocolPeer;
let asked: unknown[];

/** As a backend would sign it; the peer believes everything. */
function tokenFor(user: unknown, livesSeconds = 600): string {
  const payload = JSON.stringify({ exp: Date.now() / 1000 + livesSeconds, context: { user, city: "Ærø" } });
  return `e30.${Buffer.from(payload).toString("base64url")}.c2ln`;
}

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url: peer.url,
    key: KEY,
    context: { targetingKey: "ada" },
    signedContext: async ({ targetingKey }) => {
      asked.push(targetingKey);
      return tokenFor(targetingKey);
    },
    ...options,
  });
  clients.push(client);
  return client;
}

const sent = () => peer.requests("/sdk/v1/stream").map(({ headers }) => headers["lanyard-context"]);
const userIn = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString()).context.user;

beforeEach(async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.05);
  stored.clear();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, text: string) => stored.set(name, text),
    removeItem: (name: string) => stored.delete(name),
  });
  asked = [];
  peer = await ProtocolPeer.start({ secretly: booleanFlag() });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await peer.stop();
});

describe("a signed context", () => {
  it("goes with requests for rules in a header, never in a URL, and with nothing else", async () => {
    const client = connect();
    await client.ready();
    client.boolean("secretly", false);
    await client.flush();
    expect(userIn(sent()[0])).toBe("ada");
    expect(peer.requests("/sdk/v1/events")[0]?.headers["lanyard-context"]).toBeUndefined();
    expect(peer.received.every(({ query }) => !query.toString().includes("e30"))).toBe(true);
  });

  it("is asked for once while it is good, and anew when it was refused", async () => {
    const client = connect();
    await client.ready();
    peer.send("goodbye", { reconnectInMs: 0 });
    await peer.until(() => sent().length === 2);
    expect(asked).toEqual(["ada"]);
    await until(client, () => client.status().state === "live");
    let refusals = 1;
    peer.misbehave = ({ path }, response) =>
      path === "/sdk/v1/stream" && refusals-- > 0 && Boolean(response.writeHead(401).end());
    peer.cut();
    await until(client, () => client.status().lastError?.message.includes("401") === true);
    // Well before the half minute that a refused key waits.
    await until(client, () => client.status().state === "live");
    expect(asked).toEqual(["ada", "ada"]);
  });

  it("is asked for anew when it is about to expire", async () => {
    const client = connect({
      signedContext: async () => {
        asked.push("brief");
        return tokenFor("ada", 20);
      },
    });
    await client.ready();
    const before = asked.length;
    peer.cut();
    await until(client, () => client.status().state === "stale");
    await until(client, () => client.status().state === "live");
    expect(asked.length).toBeGreaterThan(before);
  });

  it("that cannot be had is said, and asked for again", async () => {
    let fails = true;
    const client = connect({
      signedContext: async () => {
        if (fails) throw new Error("the backend is away");
        return tokenFor("ada");
      },
    });
    await until(client, () => client.status().lastError?.message === "the backend is away");
    expect(peer.received).toEqual([]);
    fails = false;
    expect((await client.ready()).state).toBe("live");
  });

  it("that says another thing about its user than the last time makes nobody ready by the rules kept since then", async () => {
    const before = connect();
    await before.ready();
    await before.close();
    // The same revision, as it is for users about whom something else is true.
    peer.ruleset = { ...peer.ruleset, flags: { secretly: booleanFlag({ on: false }) } };
    const client = connect();
    expect(client.status().state).toBe("cached");
    expect((await client.ready({ timeoutMs: 60_000 })).state).toBe("live");
    expect(client.boolean("secretly", true)).toBe(false);
  });

  it("may be at hand already", async () => {
    expect((await connect({ signedContext: () => tokenFor("ada") }).ready()).state).toBe("live");
    expect(userIn(sent()[0])).toBe("ada");
  });

  it("of nobody is no header", async () => {
    await connect({ signedContext: async () => undefined }).ready();
    expect(sent()).toEqual([undefined]);
  });
});

describe("identify, where contexts are signed,", () => {
  it("to another drops at once what was made for the one before, and asks for the other's", async () => {
    const client = connect();
    await client.ready();
    expect(client.boolean("secretly", false)).toBe(true);
    const changes: string[][] = [];
    client.on("change", ({ keys }) => changes.push(keys));
    client.identify({ targetingKey: "bob" });
    expect(client.boolean("secretly", false)).toBe(false);
    expect(client.status()).toMatchObject({ state: "empty", revision: 0 });
    expect([...stored.values()].join()).not.toContain("secretly");
    await until(client, () => client.status().state === "live");
    expect(sent().map(userIn)).toEqual(["ada", "bob"]);
    expect(peer.requests("/sdk/v1/stream").at(-1)?.query.has("revision")).toBe(false);
    expect(changes).toEqual([["secretly"], ["secretly"]]);
    expect(peer.mostStreams).toBe(1);
  });

  it("sends nothing when the user is the same", async () => {
    const client = connect();
    await client.ready();
    const requests = peer.received.length;
    client.identify({ targetingKey: "ada", plan: "pro" });
    expect(client.status().state).toBe("live");
    expect(peer.received).toHaveLength(requests);
    expect(asked).toEqual(["ada"]);
  });

  it("from one whom the server refused waits for the other's rules", async () => {
    peer.misbehave = statusOf(403);
    const client = connect();
    expect((await client.ready()).state).toBe("empty");
    peer.misbehave = () => false;
    client.identify({ targetingKey: "bob" });
    expect((await client.ready({ timeoutMs: 60_000 })).state).toBe("live");
  });

  it("of a client that is closed drops the rules, and asks for nobody's", async () => {
    const client = connect();
    await client.ready();
    await client.close();
    client.identify({ targetingKey: "bob" });
    expect(client.boolean("secretly", false)).toBe(false);
    await connect({ context: { targetingKey: "eve" } }).ready();
    expect(asked).toEqual(["ada", "eve"]);
    expect(sent().map(userIn)).toEqual(["ada", "eve"]);
  });

  it("without a server decides by the same rules, since there are no others", () => {
    const client = connect({ url: undefined, key: undefined, bootstrap: peer.ruleset });
    client.identify({ targetingKey: "bob" });
    expect(client.boolean("secretly", false)).toBe(true);
  });

  it("never connects for the one before, however late the backend answers", async () => {
    const answers = new Map<unknown, (token: string) => void>();
    const client = connect({
      signedContext: ({ targetingKey }) => new Promise((resolve) => answers.set(targetingKey, resolve)),
    });
    await vi.waitFor(() => expect(answers.has("ada")).toBe(true), { timeout: 15_000 });
    client.identify({ targetingKey: "bob" });
    await vi.waitFor(() => expect([...answers.keys()]).toEqual(["ada", "bob"]), { timeout: 15_000 });
    answers.get("ada")?.(tokenFor("ada"));
    answers.get("bob")?.(tokenFor("bob"));
    await client.ready();
    expect(sent().map(userIn)).toEqual(["bob"]);
  });

  it.each([{}, { targetingKey: "" }])(
    "keeps nothing for somebody whom the page does not name: %j",
    async (context) => {
      const client = connect({ context });
      await client.ready();
      await client.close();
      expect([...stored.values()].join()).not.toContain("secretly");
      expect(connect({ context, url: AWAY }).status().state).toBe("empty");
    },
  );
});
