import {
  ErrorCode,
  type EventDetails,
  type Hook,
  OpenFeature,
  type Client as OpenFeatureClient,
  ProviderEvents,
  ProviderStatus,
} from "@openfeature/web-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { booleanFlag, killOf, ProtocolPeer, rulesetOf, valueFlag } from "../../sdk-core/src/testing/index.ts";
import { type Context, createClient } from "./index.ts";
import { LanyardProvider, type ProviderOptions } from "./openfeature.ts";
import { createTestClient } from "./test-client.ts";

/** Numbers are those of the requirements in OpenFeature's specification, v0.9.0. */
const isPro = { attribute: "plan", operator: "in", values: ["pro"] };
const half = {
  split: {
    unit: "targetingKey",
    weights: [
      { variation: "on", weight: 50_000 },
      { variation: "off", weight: 50_000 },
    ],
  },
};
const FLAGS = {
  checkout: booleanFlag({
    rules: [{ id: "r1", when: isPro, serve: { variation: "on" } }],
    fallthrough: { variation: "off" },
  }),
  static: booleanFlag(),
  split: booleanFlag({ fallthrough: half }),
  off: booleanFlag({ on: false }),
  label: valueFlag("string", ""),
  limit: valueFlag("number", 0),
  theme: valueFlag("json", { dark: true }),
};

let peer: ProtocolPeer;
let domains = 0;
let domain: string;

beforeEach(async () => {
  peer = await ProtocolPeer.start(FLAGS);
  domains += 1;
  domain = `domain ${domains}`;
});
afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
  await peer.stop();
});

const follow = (context: Context) => createClient({ url: peer.url, key: "k", context });

/** Sets the provider for one user and hands out the client to ask by. */
async function use(context = {}, options?: ProviderOptions, make = follow): Promise<OpenFeatureClient> {
  await OpenFeature.setContext(domain, context);
  await OpenFeature.setProviderAndWait(domain, new LanyardProvider(make, options));
  return OpenFeature.getClient(domain);
}

/** The next such event. */
function next(client: OpenFeatureClient, event: ProviderEvents): Promise<EventDetails | undefined> {
  return new Promise((resolve) => {
    const heard = (details?: EventDetails) => {
      client.removeHandler(event, heard);
      resolve(details);
    };
    client.addHandler(event, heard);
  });
}

describe("what it is", () => {
  it("2.1.1, 2.4.3 has a name, runs in clients, and serves one domain", async () => {
    const provider = new LanyardProvider(follow);
    expect(provider).toMatchObject({ metadata: { name: "lanyard" }, runsOn: "client", domainScoped: true });
    await OpenFeature.setProviderAndWait(domain, provider);
    expect(() => OpenFeature.setProvider(`${domain} too`, provider)).toThrow();
  });

  it("2.3.1 takes hooks, and runs them around every evaluation", async () => {
    const seen: string[] = [];
    const hook: Hook = { finally: ({ flagKey }) => void seen.push(flagKey) };
    (await use({}, { hooks: [hook] })).getBooleanValue("static", false);
    expect(seen).toEqual(["static"]);
  });
});

describe("what it resolves", () => {
  it("2.2.1, 2.2.2, 2.2.3 values of every type, at once, falsy ones too", async () => {
    const client = await use();
    expect(client.getBooleanValue("static", false)).toBe(true);
    expect(client.getBooleanValue("off", true)).toBe(false);
    expect(client.getStringValue("label", "old")).toBe("");
    expect(client.getNumberValue("limit", 1)).toBe(0);
    expect(client.getObjectValue("theme", {})).toEqual({ dark: true });
  });

  it("2.2.4, 2.2.5 variant and reason", async () => {
    const client = await use({ targetingKey: "ada", plan: "pro" });
    const told = (key: string) => {
      const { variant, reason } = client.getBooleanDetails(key, false);
      return [variant, reason];
    };
    expect(told("static")).toEqual(["on", "STATIC"]);
    expect(told("checkout")).toEqual(["on", "TARGETING_MATCH"]);
    expect(told("split")[1]).toBe("SPLIT");
    expect(told("off")).toEqual(["off", "DISABLED"]);
    const changed = next(client, ProviderEvents.ConfigurationChanged);
    peer.kill(killOf("checkout"));
    await changed;
    expect(told("checkout")).toEqual(["off", "DISABLED"]);
    await OpenFeature.setContext(domain, { targetingKey: "ada" });
    peer.lift({ id: "kill_checkout", flag: "checkout" });
    await next(client, ProviderEvents.ConfigurationChanged);
    expect(told("checkout")).toEqual(["off", "DEFAULT"]);
  });

  it("2.2.6, 2.3.2 no error code and no message when all is well", async () => {
    const { errorCode, errorMessage } = (await use()).getBooleanDetails("off", true);
    expect([errorCode, errorMessage]).toEqual([undefined, undefined]);
  });

  it("2.2.7 a code, a message and the default when not", async () => {
    const client = await use();
    expect(client.getBooleanDetails("no such flag", true)).toMatchObject({
      value: true,
      reason: "ERROR",
      errorCode: ErrorCode.FLAG_NOT_FOUND,
      errorMessage: expect.stringMatching(/no such flag/),
    });
    const mismatch = { reason: "ERROR", errorCode: ErrorCode.TYPE_MISMATCH };
    expect(client.getStringDetails("limit", "mine")).toMatchObject({ value: "mine", ...mismatch });
    expect(client.getObjectDetails("label", { a: 1 })).toMatchObject({ value: { a: 1 }, ...mismatch });
  });

  it("2.2.9, 2.2.10 metadata that telemetry knows, the anonymous unit too", async () => {
    const client = await use({ targetingKey: "ada" });
    expect(client.getBooleanDetails("static", false).flagMetadata).toEqual({
      flagSetId: "env_test",
      version: "1",
      contextId: "ada",
    });
    await OpenFeature.setContext(domain, {});
    expect(client.getBooleanDetails("static", false).flagMetadata).toMatchObject({
      contextId: expect.stringMatching(/^[\da-f-]{20,}$/),
    });
  });
});

describe("how it starts", () => {
  it("2.4.1, 2.4.4 with the first rules, for its domain's context", async () => {
    await OpenFeature.setContext({ plan: "free" });
    const client = await use({ plan: "pro" });
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue("checkout", false)).toBe(true);
    await OpenFeature.setContext({});
  });

  it("2.4.2.1 is fatal when the key is refused", async () => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(401).end());
    await expect(use()).rejects.toMatchObject({ code: ErrorCode.PROVIDER_FATAL });
    expect(OpenFeature.getClient(domain).providerStatus).toBe(ProviderStatus.FATAL);
  });

  it("2.4.2.1 rejects when no rules come in time, goes on trying, and becomes ready", async () => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(503, { "retry-after": "1" }).end());
    await expect(use({}, { initTimeoutMs: 50 })).rejects.toMatchObject({ code: ErrorCode.GENERAL });
    const client = OpenFeature.getClient(domain);
    expect(client.getBooleanDetails("static", false).errorCode).toBe(ErrorCode.PROVIDER_NOT_READY);
    const ready = next(client, ProviderEvents.Ready);
    peer.misbehave = () => false;
    await ready;
    expect(client.getBooleanValue("static", false)).toBe(true);
  });

  it("is ready at once by rules that the page brought", async () => {
    peer.misbehave = () => true;
    const bootstrap = rulesetOf(FLAGS);
    const client = await use({}, {}, () => createClient({ url: peer.url, key: "k", bootstrap }));
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue("static", false)).toBe(true);
  });
});

describe("how it ends", () => {
  it("2.5.1, 2.5.2 sends what was counted, leaves nothing open, and can start again", async () => {
    const provider = new LanyardProvider(follow);
    await provider.initialize();
    provider.resolveBooleanEvaluation("static", false);
    await provider.onClose();
    await peer.until(() => peer.streams.size === 0);
    expect([...peer.batches.values()].flat()).toMatchObject([{ flag: "static", count: 1 }]);
    expect(provider.resolveBooleanEvaluation("static", false).errorCode).toBe(ErrorCode.PROVIDER_NOT_READY);
    await provider.initialize();
    expect(provider.resolveBooleanEvaluation("static", false).value).toBe(true);
    await provider.onClose();
  });

  it("2.5.3 ends once, however often it is told to, and ends a start under way", async () => {
    const provider = new LanyardProvider(follow);
    await provider.onClose();
    peer.misbehave = () => true;
    const rejected = expect(provider.initialize()).rejects.toThrow(/closed/);
    await Promise.all([provider.onClose(), provider.onClose()]);
    await rejected;
  });
});

describe("what it tells", () => {
  it("2.6.1, 2.8.4 of another context, once, without a request and without another's answers", async () => {
    const client = await use({ targetingKey: "ada", plan: "pro" });
    expect(client.getBooleanValue("checkout", false)).toBe(true);
    const told: string[] = [];
    for (const event of Object.values(ProviderEvents))
      if (event !== ProviderEvents.Ready) client.addHandler(event, () => void told.push(event));
    const before = peer.received.length;
    await OpenFeature.setContext(domain, { targetingKey: "bob" });
    expect(client.getBooleanValue("checkout", true)).toBe(false);
    expect(told).toEqual([ProviderEvents.ContextChanged]);
    expect(peer.received.length).toBe(before);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  it("2.6.1, 2.8.4 of another user whose rules a server must give: reconciling until they are there", async () => {
    const token = (id: unknown) => `e30.${btoa(JSON.stringify({ exp: 2e9, context: { id } }))}.x`;
    const signedContext = async ({ targetingKey }: Context) => token(targetingKey);
    const client = await use({ targetingKey: "ada" }, {}, (context) =>
      createClient({ url: peer.url, key: "k", context, signedContext }),
    );
    const told: string[] = [];
    for (const event of [ProviderEvents.Reconciling, ProviderEvents.ContextChanged, ProviderEvents.Error])
      client.addHandler(event, () => void told.push(event));
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      peer.misbehave = ({ headers }, response) => {
        if (headers["lanyard-context"] !== token("bob")) return false;
        release = () => response.destroy();
        resolve();
        return true;
      };
    });
    const changing = OpenFeature.setContext(domain, { targetingKey: "bob" });
    await held;
    expect(client.providerStatus).toBe(ProviderStatus.RECONCILING);
    expect(client.getBooleanDetails("static", false).errorCode).toBe(ErrorCode.PROVIDER_NOT_READY);
    peer.misbehave = () => false;
    release();
    await changing;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue("static", false)).toBe(true);
    expect(told).toEqual([ProviderEvents.Reconciling, ProviderEvents.ContextChanged]);
  });

  it("2.6.1, 2.8.4 of another user whom the server refuses: in error, and without another's answers", async () => {
    const client = await use({ targetingKey: "ada" }, {}, (context) =>
      createClient({ url: peer.url, key: "k", context, signedContext: async () => "a.b.c" }),
    );
    peer.misbehave = (_, response) => Boolean(response.writeHead(403).end());
    await OpenFeature.setContext(domain, { targetingKey: "bob" });
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(client.getBooleanDetails("static", false)).toMatchObject({
      value: false,
      errorCode: ErrorCode.PROVIDER_NOT_READY,
    });
  });

  it("2.8.1, 2.8.2, 5.1.1 ready or in error, once, when its start ends", async () => {
    const told: string[] = [];
    for (const event of [ProviderEvents.Ready, ProviderEvents.Error, ProviderEvents.Stale])
      OpenFeature.getClient(domain).addHandler(event, () => void told.push(event));
    await use();
    expect(told).toEqual([ProviderEvents.Ready]);
  });

  it("2.8.3, 5.1.2 stale at once, also for another user, in error after a while, ready again", async () => {
    const client = await use({ targetingKey: "ada" }, { graceMs: 300 });
    const [stale, error] = [ProviderEvents.Stale, ProviderEvents.Error].map((event) => next(client, event));
    peer.misbehave = (_, response) => Boolean(response.destroy());
    peer.cut();
    expect((await stale)?.message).toMatch(/\w/);
    const again = next(client, ProviderEvents.Stale);
    await OpenFeature.setContext(domain, { targetingKey: "bob" });
    await Promise.race([again, error]);
    expect(client.providerStatus).not.toBe(ProviderStatus.READY);
    expect(await error).toMatchObject({ errorCode: ErrorCode.GENERAL, message: expect.stringMatching(/\w/) });
    expect(client.getBooleanValue("static", false)).toBe(true);
    const ready = next(client, ProviderEvents.Ready);
    const changed = next(client, ProviderEvents.ConfigurationChanged);
    peer.commit({ off: booleanFlag() });
    peer.misbehave = () => false;
    await ready;
    expect((await changed)?.flagsChanged).toEqual(["off"]);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  it("5.1.3, 5.1.4, 5.1.5 exactly which flags changed, and stays ready", async () => {
    const client = await use();
    const changed = next(client, ProviderEvents.ConfigurationChanged);
    peer.change({ label: valueFlag("string", "newer") });
    expect(await changed).toMatchObject({ providerName: "lanyard", flagsChanged: ["label"] });
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });
});

describe("what it tracks", () => {
  it("2.7.1, 6.1.1, 6.1.2 a metric with its value, sent before it ends", async () => {
    const client = await use();
    client.track("checkout-finished", { value: 99.5, currency: "EUR" });
    client.track("checkout-finished");
    await OpenFeature.clearProviders();
    await peer.until(() => peer.metrics.length > 0);
    expect(peer.metrics).toEqual([{ metric: "checkout-finished", count: 2, sum: 99.5 }]);
  });

  it("6.1.4 nothing, and without a word, before it has started", () => {
    expect(new LanyardProvider(follow).track("checkout-finished")).toBeUndefined();
  });
});

it("works on a client for tests, whose flags the test sets", async () => {
  const lanyard = createTestClient({ flags: { checkout: true } });
  const client = await use({ targetingKey: "ada" }, {}, () => lanyard);
  expect(client.providerStatus).toBe(ProviderStatus.READY);
  expect(client.getBooleanDetails("checkout", false)).toMatchObject({ value: true, reason: "STATIC" });
  const changed = next(client, ProviderEvents.ConfigurationChanged);
  lanyard.set("checkout", false);
  expect((await changed)?.flagsChanged).toEqual(["checkout"]);
  expect(client.getBooleanValue("checkout", true)).toBe(false);
  await OpenFeature.setContext(domain, { targetingKey: "bob" });
  expect(lanyard.context).toEqual({ targetingKey: "bob" });
  lanyard.unset("checkout");
  expect(client.getBooleanDetails("checkout", true).errorCode).toBe(ErrorCode.FLAG_NOT_FOUND);
  expect(client.providerStatus).toBe(ProviderStatus.READY);
});
