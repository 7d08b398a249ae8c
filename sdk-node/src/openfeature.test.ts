import {
  ErrorCode,
  type EventDetails,
  type Hook,
  OpenFeature,
  type Client as OpenFeatureClient,
  ProviderEvents,
  ProviderStatus,
} from "@openfeature/server-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { booleanFlag, killOf, ProtocolPeer, rulesetOf, valueFlag } from "../../sdk-core/src/testing/index.ts";
import { createClient, createTestClient } from "./index.ts";
import { LanyardProvider, type ProviderOptions } from "./openfeature.ts";

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
  label: valueFlag("string", "new"),
  empty: valueFlag("string", ""),
  limit: valueFlag("number", 7),
  zero: valueFlag("number", 0),
  theme: valueFlag("json", { dark: true }),
  list: valueFlag("json", [1, 2]),
  nothing: valueFlag("json", null),
  since: booleanFlag({
    rules: [
      {
        id: "r1",
        when: { attribute: "born", operator: "before", values: ["2000-01-01T00:00:00Z"] },
        serve: { variation: "on" },
      },
    ],
    fallthrough: { variation: "off" },
  }),
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

const logger = { warn() {} };
const follow = () => createClient({ url: peer.url, key: "k", logger });

/** Sets the provider and hands out the client to ask by. */
async function use(options?: ProviderOptions, make = follow): Promise<OpenFeatureClient> {
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
  it("2.1.1 has a name, and says where it runs", () => {
    const provider = new LanyardProvider(follow);
    expect(provider.metadata.name).toBe("lanyard");
    expect(provider.runsOn).toBe("server");
  });

  it("2.3.1 takes hooks, and runs them around every evaluation", async () => {
    const seen: string[] = [];
    const hook: Hook = { finally: ({ flagKey }) => void seen.push(flagKey) };
    const client = await use({ hooks: [hook] });
    await client.getBooleanValue("static", false);
    expect(seen).toEqual(["static"]);
    expect(new LanyardProvider(follow).hooks).toEqual([]);
  });
});

describe("what it resolves", () => {
  it("2.2.1, 2.2.2, 2.2.3 values of every type, falsy ones too", async () => {
    const client = await use();
    expect(await client.getBooleanValue("static", false)).toBe(true);
    expect(await client.getBooleanValue("off", true)).toBe(false);
    expect(await client.getStringValue("label", "old")).toBe("new");
    expect(await client.getStringValue("empty", "old")).toBe("");
    expect(await client.getNumberValue("limit", 1)).toBe(7);
    expect(await client.getNumberValue("zero", 1)).toBe(0);
    expect(await client.getObjectValue("theme", {})).toEqual({ dark: true });
    expect(await client.getObjectValue("list", [])).toEqual([1, 2]);
    expect(await client.getObjectValue("nothing", { a: 1 })).toBeNull();
    expect(await client.getObjectValue("theme", "a default of another type")).toEqual({ dark: true });
  });

  it.each([
    ["static", {}, true, "on", "STATIC"],
    ["checkout", { plan: "pro" }, true, "on", "TARGETING_MATCH"],
    ["checkout", { plan: "free" }, false, "off", "DEFAULT"],
    ["split", {}, false, "off", "DEFAULT"],
    ["off", {}, false, "off", "DISABLED"],
    ["since", { born: new Date("1990-05-05") }, true, "on", "TARGETING_MATCH"],
    ["since", { born: new Date("no date") }, false, "off", "DEFAULT"],
  ])("2.2.4, 2.2.5 variant and reason: %s for %j", async (key, context, value, variant, reason) => {
    const client = await use();
    expect(await client.getBooleanDetails(key, !value, context)).toMatchObject({ value, variant, reason });
  });

  it("2.2.4, 2.2.5 of a split, and of a kill", async () => {
    const client = await use();
    expect(await client.getBooleanDetails("split", false, { targetingKey: "ada" })).toMatchObject({
      reason: "SPLIT",
    });
    const changed = next(client, ProviderEvents.ConfigurationChanged);
    peer.kill(killOf("static"));
    await changed;
    expect(await client.getBooleanDetails("static", true)).toMatchObject({
      value: false,
      variant: "off",
      reason: "DISABLED",
    });
  });

  it("2.2.6, 2.3.2 no error code and no message when all is well", async () => {
    const details = await (await use()).getBooleanDetails("off", true);
    expect(details.errorCode).toBeUndefined();
    expect(details.errorMessage).toBeUndefined();
  });

  it("2.2.7 a code, a message and the default when not", async () => {
    const client = await use();
    const unknown = await client.getBooleanDetails("no such flag", true);
    expect(unknown).toMatchObject({ value: true, reason: "ERROR", errorCode: ErrorCode.FLAG_NOT_FOUND });
    expect(unknown.errorMessage).toMatch(/no such flag/);
    const mismatch = { reason: "ERROR", errorCode: ErrorCode.TYPE_MISMATCH };
    expect(await client.getStringDetails("limit", "mine")).toMatchObject({ value: "mine", ...mismatch });
    expect(await client.getBooleanDetails("label", true)).toMatchObject({ value: true, ...mismatch });
    expect(await client.getNumberDetails("static", 3)).toMatchObject({ value: 3, ...mismatch });
    expect(await client.getObjectDetails("label", { a: 1 })).toMatchObject({ value: { a: 1 }, ...mismatch });
    expect(await client.getObjectDetails("label", "same type")).toMatchObject({
      value: "same type",
      ...mismatch,
    });
  });

  it("2.2.9, 2.2.10 metadata that telemetry knows, of plain values, with errors too", async () => {
    const client = await use();
    const flagMetadata = { flagSetId: "env_test", version: "1", contextId: "ada" };
    expect((await client.getBooleanDetails("static", false, { targetingKey: "ada" })).flagMetadata).toEqual(
      flagMetadata,
    );
    expect((await client.getBooleanDetails("absent", false, { targetingKey: "ada" })).flagMetadata).toEqual(
      flagMetadata,
    );
    expect((await client.getBooleanDetails("static", false)).flagMetadata).toEqual({
      flagSetId: "env_test",
      version: "1",
    });
  });

  it("without a start it says that it is not ready", async () => {
    const provider = new LanyardProvider(follow);
    expect(await provider.resolveBooleanEvaluation("static", false, {})).toMatchObject({
      value: false,
      errorCode: ErrorCode.PROVIDER_NOT_READY,
    });
  });
});

describe("how it starts", () => {
  it("2.4.1 with the first rules, and evaluates from then on", async () => {
    const client = await use();
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(await client.getBooleanValue("static", false)).toBe(true);
  });

  it.each([401, 403])("2.4.2.1 is fatal when the key is refused with %i", async (status) => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(status).end());
    await expect(use()).rejects.toMatchObject({ code: ErrorCode.PROVIDER_FATAL });
    const client = OpenFeature.getClient(domain);
    expect(client.providerStatus).toBe(ProviderStatus.FATAL);
    expect(await client.getBooleanDetails("static", false)).toMatchObject({
      value: false,
      errorCode: ErrorCode.PROVIDER_FATAL,
    });
  });

  it("2.4.2.1 rejects when no rules come in time, goes on trying, and becomes ready", async () => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(503, { "retry-after": "1" }).end());
    await expect(use({ initTimeoutMs: 50 })).rejects.toMatchObject({ code: ErrorCode.GENERAL });
    const client = OpenFeature.getClient(domain);
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(await client.getBooleanDetails("static", false)).toMatchObject({
      value: false,
      errorCode: ErrorCode.PROVIDER_NOT_READY,
    });
    const ready = next(client, ProviderEvents.Ready);
    peer.misbehave = () => false;
    await ready;
    expect(await client.getBooleanValue("static", false)).toBe(true);
  });

  it("is never fatal with rules in hand, and is ready by them at once", async () => {
    peer.misbehave = (_, response) => Boolean(response.writeHead(401).end());
    const bootstrap = rulesetOf(FLAGS);
    const client = await use({}, () => createClient({ url: peer.url, key: "k", bootstrap, logger }));
    expect([ProviderStatus.READY, ProviderStatus.STALE]).toContain(client.providerStatus);
    expect(await client.getBooleanValue("static", false)).toBe(true);
    await peer.until(() => peer.received.length > 0);
    if (client.providerStatus !== ProviderStatus.STALE) await next(client, ProviderEvents.Stale);
    expect(await client.getBooleanValue("static", false)).toBe(true);
  });

  it("2.4.3, 2.4.4 is bound to no domain: one provider serves several", async () => {
    const provider = new LanyardProvider(follow);
    for (const name of [domain, `${domain} too`]) await OpenFeature.setProviderAndWait(name, provider);
    expect(await OpenFeature.getClient(domain).getBooleanValue("static", false)).toBe(true);
    expect(await OpenFeature.getClient(`${domain} too`).getBooleanValue("static", false)).toBe(true);
  });
});

describe("how it ends", () => {
  it("2.5.1, 2.5.2 sends what was counted, leaves nothing open, and can start again", async () => {
    const provider = new LanyardProvider(follow);
    await provider.initialize();
    await provider.resolveBooleanEvaluation("static", false, {});
    await provider.onClose();
    await peer.until(() => peer.streams.size === 0);
    expect([...peer.batches.values()].flat()).toMatchObject([{ flag: "static", count: 1 }]);
    expect(await provider.resolveBooleanEvaluation("static", false, {})).toMatchObject({
      errorCode: ErrorCode.PROVIDER_NOT_READY,
    });
    await provider.initialize();
    expect(await provider.resolveBooleanEvaluation("static", false, {})).toMatchObject({ value: true });
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
  it("2.8.1, 2.8.2, 5.1.1 ready or in error, once, when its start ends", async () => {
    const told: string[] = [];
    for (const event of [ProviderEvents.Ready, ProviderEvents.Error, ProviderEvents.Stale])
      OpenFeature.getClient(domain).addHandler(event, () => void told.push(event));
    await use();
    expect(told).toEqual([ProviderEvents.Ready]);
  });

  it("2.8.3, 5.1.2 stale at once, in error after a while, ready again; it answers all the time", async () => {
    const client = await use({ graceMs: 20 });
    const [stale, error] = [ProviderEvents.Stale, ProviderEvents.Error].map((event) => next(client, event));
    peer.misbehave = (_, response) => Boolean(response.destroy());
    peer.cut();
    expect((await stale)?.message).toMatch(/\w/);
    expect(await client.getBooleanValue("static", false)).toBe(true);
    const details = await error;
    expect([details?.errorCode, details?.message]).toEqual([ErrorCode.GENERAL, expect.stringMatching(/\w/)]);
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(await client.getBooleanValue("static", false)).toBe(true);
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
    peer.change({ label: valueFlag("string", "newer"), limit: null });
    expect(await changed).toMatchObject({
      providerName: "lanyard",
      flagsChanged: expect.arrayContaining(["label", "limit"]),
    });
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  it("nothing more once it is closed", async () => {
    const provider = new LanyardProvider(follow, { graceMs: 0 });
    const told: string[] = [];
    for (const event of Object.values(ProviderEvents))
      provider.events.addHandler(event, () => void told.push(event));
    await provider.initialize();
    await provider.onClose();
    peer.change({ label: null });
    expect(told).toEqual([]);
  });
});

describe("what it tracks", () => {
  it("2.7.1, 6.1.1, 6.1.2 a metric with its value, sent before it ends", async () => {
    const client = await use();
    client.track("checkout-finished", { targetingKey: "ada" }, { value: 99.5, currency: "EUR" });
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
  const client = await use({}, () => lanyard);
  expect(await client.getBooleanValue("checkout", false)).toBe(true);
  const changed = next(client, ProviderEvents.ConfigurationChanged);
  lanyard.set("checkout", false);
  expect((await changed)?.flagsChanged).toEqual(["checkout"]);
  expect(await client.getBooleanDetails("checkout", true)).toMatchObject({ value: false, reason: "STATIC" });
});
