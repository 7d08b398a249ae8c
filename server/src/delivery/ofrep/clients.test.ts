import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { ErrorCode, OpenFeature as ServerApi } from "@openfeature/server-sdk";
import {
  type EventHandler,
  type Provider,
  ProviderEvents,
  ProviderStatus,
  OpenFeature as WebApi,
} from "@openfeature/web-sdk";
import { EventSource } from "eventsource";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";
import { save } from "./testing/index.ts";

/** The published clients of the protocol, as their users run them. */
let server: TestServer;
let ada: Caller;
let serverKey: string;
let clientKey: string;

const isPro = { attribute: "plan", operator: "in", values: ["pro"] };

beforeAll(async () => {
  // What a browser has; the web client looks for it when it is imported.
  vi.stubGlobal("EventSource", EventSource);
  server = await testServer();
  ada = await setUp(server);
  const shop = shopOf(ada);
  serverKey = (await shop.key("server")).secret;
  clientKey = (await shop.key("client")).secret;
  await shop.flag("checkout");
  await save(ada, "checkout", {
    on: true,
    rules: [{ id: "r1", when: isPro, serve: { variation: "on" } }],
    fallthrough: { variation: "off" },
  });
  for (const key of ["banner", "ribbon"]) await shop.flag(key, { audience: "client" });
  for (const key of ["banner", "ribbon"]) await shop.turn(key, true);
  for (const [key, type, value, off] of [
    ["limit", "number", 7, 0],
    ["label", "string", "new", ""],
    ["theme", "json", { dark: true }, null],
  ] as const)
    await ada.ok("POST /api/v1/projects/{project}/flags", {
      params: { project: "shop" },
      body: {
        key,
        name: key,
        type,
        variations: [
          { id: "on", value },
          { id: "off", value: off },
        ],
        off: "off",
      },
    });
  for (const key of ["limit", "label"]) await save(ada, key, { on: true, fallthrough: { variation: "on" } });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

describe("@openfeature/ofrep-provider", () => {
  beforeAll(async () => {
    const headers: [string, string][] = [["Authorization", `Bearer ${serverKey}`]];
    await ServerApi.setProviderAndWait(new OFREPProvider({ baseUrl: server.origin, headers }));
  });
  afterAll(() => ServerApi.close());

  test("gets values of every type, with variant, reason and metadata", async () => {
    const client = ServerApi.getClient();
    const context = { targetingKey: "ada", plan: "pro" };
    expect(await client.getBooleanDetails("checkout", false, context)).toMatchObject({
      value: true,
      variant: "on",
      reason: "TARGETING_MATCH",
      flagMetadata: { flagSetId: expect.stringMatching(/^env_/), version: expect.any(String) },
    });
    expect(await client.getNumberValue("limit", 1, context)).toBe(7);
    expect(await client.getStringDetails("label", "", context)).toMatchObject({
      value: "new",
      reason: "STATIC",
    });
  });

  test("gets its default, with the code, for what is not there or of another type", async () => {
    const client = ServerApi.getClient();
    expect(await client.getBooleanDetails("nothing", true)).toMatchObject({
      value: true,
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
    expect(await client.getStringDetails("limit", "mine")).toMatchObject({
      value: "mine",
      errorCode: ErrorCode.TYPE_MISMATCH,
    });
  });
});

describe("@openfeature/ofrep-web-provider", () => {
  let proxy: Proxy;
  const context = { targetingKey: "ada" };

  beforeAll(async () => {
    proxy = await startProxy(new URL(server.origin).port);
  });
  afterAll(() => proxy.close());
  afterEach(async () => {
    await WebApi.clearProviders();
    WebApi.clearHandlers();
  });

  async function start(key: string) {
    const { OFREPWebProvider } = await import("@openfeature/ofrep-web-provider");
    await WebApi.setContext(context);
    const headers: [string, string][] = [["Authorization", `Bearer ${key}`]];
    const provider = new OFREPWebProvider({ baseUrl: proxy.origin, headers, cacheMode: "disabled" });
    // Its types were made without `exactOptionalPropertyTypes`.
    await WebApi.setProviderAndWait(provider as Provider);
    return WebApi.getClient();
  }

  /** The keys of the next such event. */
  const nextEvent = (event: ProviderEvents) =>
    new Promise<readonly string[] | undefined>((resolve) => {
      const heard: EventHandler = (details) => {
        WebApi.removeHandler(event, heard);
        resolve((details as { flagsChanged?: string[] } | undefined)?.flagsChanged);
      };
      WebApi.addHandler(event, heard);
    });

  test("is fatal with a key that is none", async () => {
    await expect(start("lyd_cli_nope")).rejects.toThrow();
    expect(WebApi.getClient().providerStatus).toBe(ProviderStatus.FATAL);
  });

  test("evaluates by a client key, and hears exactly what changes", async () => {
    const client = await start(clientKey);
    expect(client.getBooleanDetails("banner", false)).toMatchObject({ value: true, variant: "on" });
    expect(client.getBooleanDetails("checkout", true)).toMatchObject({
      value: true,
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
    const changed = nextEvent(ProviderEvents.ConfigurationChanged);
    await save(ada, "banner", { on: false });
    expect(await changed).toEqual(["banner"]);
    expect(client.getBooleanValue("banner", true)).toBe(false);
  });

  test("never keeps another context's flags", async () => {
    const client = await start(serverKey);
    expect(client.getBooleanValue("checkout", true)).toBe(false);
    await WebApi.setContext({ ...context, plan: "pro" });
    expect(client.getBooleanDetails("checkout", false)).toMatchObject({
      value: true,
      reason: "TARGETING_MATCH",
    });
  });

  test("serves the default where there is no value, by the server's reason", async () => {
    const client = await start(serverKey);
    expect(client.getObjectDetails("theme", { dark: false })).toMatchObject({
      value: { dark: false },
      variant: "off",
      reason: "DISABLED",
    });
  });

  test("learns what it missed while its stream was away", async () => {
    const client = await start(serverKey);
    await proxy.streamed();
    const stale = nextEvent(ProviderEvents.Stale);
    const changed = nextEvent(ProviderEvents.ConfigurationChanged);
    proxy.cut();
    await stale;
    await save(ada, "ribbon", { on: false });
    expect(await changed).toEqual(["ribbon"]);
    expect(client.getBooleanValue("ribbon", true)).toBe(false);
  });
});

interface Proxy {
  origin: string;
  /** Resolves once a stream passes through it. */
  streamed(): Promise<void>;
  /** Cuts every connection, as a network does. */
  cut(): void;
  close(): void;
}

async function startProxy(port: string): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let streaming: () => void = () => {};
  const streamed = new Promise<void>((resolve) => (streaming = resolve));
  const listener: Server = createServer((socket) => {
    const upstream = connect(Number(port), "127.0.0.1");
    for (const each of [socket, upstream]) {
      sockets.add(each);
      each.on("error", () => {}).on("close", () => sockets.delete(each));
    }
    upstream.on("data", (bytes) => bytes.includes("refetchEvaluation") && streaming());
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    streamed: () => streamed,
    cut,
    close() {
      cut();
      listener.close();
    },
  };
}
