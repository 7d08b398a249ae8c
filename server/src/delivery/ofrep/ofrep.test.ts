import { DRILL_FLAG } from "@lanyard/evaluation";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { openSdkStream } from "../../testing/sdk-stream.ts";
import { shopOf } from "../../testing/shop.ts";
import { openNotices, save } from "./testing/index.ts";

const BULK = "/ofrep/v1/evaluate/flags";

let server: TestServer;
let ada: Caller;
let shop: ReturnType<typeof shopOf>;
let serverKey: string;
let clientKey: string;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  shop = shopOf(ada);
  serverKey = (await shop.key("server")).secret;
  clientKey = (await shop.key("client")).secret;
});
afterAll(() => server.close());

interface Given {
  key?: string;
  headers?: Record<string, string>;
  body?: string;
}

function post(path: string, { key = serverKey, headers = {}, body }: Given = {}): Promise<Response> {
  return fetch(server.origin + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { "content-type": "application/json; charset=utf-8" }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}

const contextOf = (context: object) => JSON.stringify({ context });

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape.
const json = (response: Response): Promise<any> => response.json();

test("an environment without flags is an empty answer, not a missing one", async () => {
  const response = await post(BULK);
  expect(response.status).toBe(200);
  expect(await json(response)).toMatchObject({ flags: [] });
});

describe("with flags", () => {
  beforeAll(async () => {
    await shop.flag("checkout");
    await shop.flag("banner", { audience: "client" });
    await save(ada, "checkout", {
      on: true,
      rules: [
        {
          id: "r1",
          when: { attribute: "plan", operator: "in", values: ["pro"] },
          serve: { variation: "on" },
        },
      ],
      fallthrough: { variation: "off" },
    });
    await shop.turn("banner", true);
  });

  test("one flag is decided by the context, in OpenFeature's words", async () => {
    const pro = await post(`${BULK}/checkout`, { body: contextOf({ targetingKey: "ada", plan: "pro" }) });
    expect([pro.status, pro.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
    expect(await json(pro)).toEqual({
      key: "checkout",
      value: true,
      variant: "on",
      reason: "TARGETING_MATCH",
      metadata: { flagSetId: expect.stringMatching(/^env_/), version: expect.any(String) },
    });
    const free = await post(`${BULK}/checkout`, { body: contextOf({ targetingKey: "bob" }) });
    expect(await json(free)).toMatchObject({ value: false, variant: "off", reason: "DEFAULT" });
  });

  test("a server key gets every flag, a client key those for clients", async () => {
    const keysOf = async (key: string) =>
      (await json(await post(BULK, { key }))).flags.map((flag: { key: string }) => flag.key);
    expect(await keysOf(serverKey)).toEqual(["banner", "checkout"]);
    expect(await keysOf(clientKey)).toEqual(["banner"]);
    const hidden = await post(`${BULK}/checkout`, { key: clientKey });
    const unknown = await post(`${BULK}/nothing`, { key: clientKey });
    expect([hidden.status, (await json(hidden)).errorCode]).toEqual([404, "FLAG_NOT_FOUND"]);
    expect([unknown.status, (await json(unknown)).errorCode]).toEqual([404, "FLAG_NOT_FOUND"]);
  });

  test("the key may come as X-API-Key; without a good one there is no answer", async () => {
    const response = await fetch(server.origin + BULK, {
      method: "POST",
      headers: { "x-api-key": serverKey },
    });
    expect(response.status).toBe(200);
    const stranger = await post(BULK, { key: "lyd_srv_nope" });
    expect([stranger.status, Object.keys(await json(stranger))]).toEqual([401, ["errorDetails"]]);
  });

  test("what is missing is an empty context", async () => {
    const given: Given[] = [{}, { body: "{}" }, { body: contextOf({}) }, { body: '{"more":1}' }];
    for (const each of given) expect((await post(`${BULK}/checkout`, each)).status).toBe(200);
  });

  test("errors have the protocol's own shape", async () => {
    const faults: [string, string, number, object][] = [
      [`${BULK}/checkout`, "{", 400, { key: "checkout", errorCode: "PARSE_ERROR" }],
      [`${BULK}/checkout`, '{"context":[]}', 400, { key: "checkout", errorCode: "INVALID_CONTEXT" }],
      [`${BULK}/checkout`, '{"context":null}', 400, { key: "checkout", errorCode: "INVALID_CONTEXT" }],
      [`${BULK}/checkout`, "[]", 400, { key: "checkout", errorCode: "GENERAL" }],
      [`${BULK}/no%2Fsuch%20flag`, "{}", 404, { key: "no/such flag", errorCode: "FLAG_NOT_FOUND" }],
      [BULK, "{", 400, { errorCode: "PARSE_ERROR" }],
      [BULK, '{"context":7}', 400, { errorCode: "INVALID_CONTEXT" }],
      [BULK, contextOf({ a: "a".repeat(65_536) }), 413, { errorCode: "PARSE_ERROR" }],
    ];
    for (const [path, body, status, expected] of faults) {
      const response = await post(path, { body });
      expect([path, body, response.status]).toEqual([path, body, status]);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(await json(response)).toEqual({ ...expected, errorDetails: expect.stringMatching(/\w/) });
    }
  });

  test("the flag that drills kill is not there", async () => {
    const stream = await openSdkStream(server.origin, serverKey);
    const drilling = ada.ok("POST /api/v1/projects/{project}/environments/{environment}/drill", {
      params: { project: "shop", environment: "development" },
    });
    await stream.next("kill", ({ data }) => data.elements[0].flag === DRILL_FLAG);
    const { flags } = await json(await post(BULK));
    expect(flags.map((flag: { key: string }) => flag.key)).not.toContain(DRILL_FLAG);
    expect((await post(`${BULK}/${encodeURIComponent(DRILL_FLAG)}`)).status).toBe(404);
    await drilling;
    await stream.close();
  });

  test("a null is no value: the caller's default stands in", async () => {
    await ada.ok("POST /api/v1/projects/{project}/flags", {
      params: { project: "shop" },
      body: {
        key: "theme",
        name: "Theme",
        type: "json",
        variations: [
          { id: "dark", value: { dark: true } },
          { id: "none", value: null },
        ],
        off: "none",
      },
    });
    const evaluation = await json(await post(`${BULK}/theme`));
    expect(evaluation).toMatchObject({ key: "theme", variant: "none", reason: "DISABLED" });
    expect(evaluation).not.toHaveProperty("value");
  });

  test("a kill is served at once, and so is its lift", async () => {
    const body = contextOf({ targetingKey: "ada", plan: "pro" });
    const decide = async () => json(await post(`${BULK}/checkout`, { body }));
    const { id } = await ada.ok("POST /api/v1/kills", {
      body: { project: "shop", environments: ["development"], flags: ["checkout"], reason: "smoke" },
    });
    expect(await decide()).toMatchObject({ value: false, variant: "off", reason: "DISABLED" });
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
    expect(await decide()).toMatchObject({ value: true, reason: "TARGETING_MATCH" });
  });
});

describe("a client key is no oracle", () => {
  const pro = { targetingKey: "ada", plan: "pro", country: "NO" };
  const value = async (key: string, context: object, headers = {}) =>
    (await json(await post(`${BULK}/offer`, { key, headers, body: contextOf(context) }))).value;

  beforeAll(async () => {
    await shop.flag("offer", { audience: "client" });
    await ada.ok("PUT /api/v1/projects/{project}/attributes/{name}", {
      params: { project: "shop", name: "country" },
      body: { type: "string", visibility: "public", description: "" },
    });
  });

  test("private attributes and lists count only when verified; public ones as the page says", async () => {
    const { secret, signingSecret } = await shop.signedKey();
    const token = await new SignJWT({ context: { targetingKey: "ada", plan: "pro" } })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setExpirationTime("10m")
      .setAudience("lanyard")
      .sign(new TextEncoder().encode(signingSecret));
    const signed = { "lanyard-context": token };
    for (const [targeting, anonymous, verified] of [
      [{ rules: [ruleOn("plan", "pro")] }, false, true],
      [{ rules: [], targets: [{ unit: "targetingKey", variation: "on", values: ["ada"] }] }, false, true],
      [{ rules: [ruleOn("country", "NO")], targets: [] }, true, true],
    ] as const) {
      await save(ada, "offer", { on: true, fallthrough: { variation: "off" }, ...targeting });
      expect([targeting, await value(serverKey, pro)]).toEqual([targeting, true]);
      expect([targeting, await value(secret, pro)]).toEqual([targeting, anonymous]);
      expect([targeting, await value(secret, pro, signed)]).toEqual([targeting, verified]);
    }
    expect(await value(secret, {}, { "lanyard-context": "no token" })).toBeUndefined();
  });
});

const ruleOn = (attribute: string, value: string) => ({
  id: "r1",
  when: { attribute, operator: "in", values: [value] },
  serve: { variation: "on" },
});

describe("the ETag", () => {
  const ask = async (context: object, etag?: string, key = serverKey) => {
    const response = await post(BULK, {
      key,
      body: contextOf(context),
      headers: etag === undefined ? {} : { "if-none-match": etag },
    });
    return { status: response.status, etag: response.headers.get("etag") ?? "", text: await response.text() };
  };

  test("is of the result: another user never gets the last one's flags", async () => {
    const pro = await ask({ plan: "pro" });
    expect(pro.etag).toMatch(/^"[\w-]{27}"$/);
    const again = await ask({ plan: "pro", irrelevant: 1 }, pro.etag);
    expect(again).toEqual({ status: 304, etag: pro.etag, text: "" });
    const free = await ask({ plan: "free" }, pro.etag);
    expect(free.status).toBe(200);
    expect(free.etag).not.toBe(pro.etag);
  });

  test("matches any, weakly, and in a list", async () => {
    const { etag } = await ask({});
    for (const header of ["*", `W/${etag}`, `"other", ${etag}`])
      expect((await ask({}, header)).status).toBe(304);
    expect((await ask({}, '"other"')).status).toBe(200);
  });

  test("survives a change that changes no answer", async () => {
    const { etag } = await ask({}, undefined, clientKey);
    await save(ada, "checkout", { fallthrough: { variation: "on" } });
    expect((await ask({}, etag, clientKey)).status).toBe(304);
    expect((await ask({}, etag)).status).toBe(200);
  });
});

describe("for browsers", () => {
  const origin = "https://shop.example";

  test("a preflight is answered, and what a page may read is named", async () => {
    const preflight = await fetch(server.origin + BULK, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase() ?? "";
    for (const name of ["content-type", "authorization", "x-api-key", "if-none-match"])
      expect(allowed).toContain(name);
    const response = await post(BULK, { key: clientKey, headers: { origin } });
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("access-control-expose-headers")).toBe("ETag, Retry-After");
    expect(response.headers.get("vary")).toContain("Origin");
  });

  test("a server key, and an origin that the key does not name, are refused", async () => {
    expect((await post(BULK, { headers: { origin } })).status).toBe(403);
    const { secret } = await shop.key("client", "development", ["https://other.example"]);
    expect((await post(BULK, { key: secret, headers: { origin } })).status).toBe(403);
  });
});

test("whoever asks too often is told when to come again, in whole seconds", async () => {
  const { secret } = await shop.key("client");
  const ask = () => post(`${BULK}/banner`, { key: secret });
  // A busy machine may spread a hundred requests over more than the second that they may not exceed.
  for (let refused: Response | undefined; !refused; ) {
    const responses = await Promise.all(Array.from({ length: 300 }, ask));
    refused = responses.find(({ status }) => status === 429);
    if (!refused) continue;
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(Object.keys(await json(refused))).toEqual(["errorDetails"]);
  }
  expect((await post(`${BULK}/banner`, { key: clientKey })).status).toBe(200);
}, 240_000);

describe("the stream", () => {
  const uriOf = async (key = serverKey): Promise<string> => {
    const { eventStreams } = await json(await post(BULK, { key }));
    expect(eventStreams).toEqual([
      { type: "sse", endpoint: { requestUri: expect.stringMatching(/^\/ofrep/) }, inactivityDelaySec: 120 },
    ]);
    return server.origin + eventStreams[0].endpoint.requestUri;
  };

  test("tells to evaluate again on every connect and after every change, kills too", async () => {
    const stream = await openNotices(await uriOf());
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(stream.response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(stream.response.headers.get("x-accel-buffering")).toBe("no");
    const first = await stream.next();
    expect(first).toEqual({ type: "refetchEvaluation", etag: expect.any(String) });
    await save(ada, "checkout", { fallthrough: { variation: "off" } });
    const second = await stream.next();
    expect(second.etag).not.toBe(first.etag);
    const { id } = await ada.ok("POST /api/v1/kills", {
      body: { project: "shop", environments: ["development"], flags: ["checkout"], reason: "smoke" },
    });
    expect((await stream.next()).etag).not.toBe(second.etag);
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
    expect(await stream.next()).toEqual(second);
    await stream.close();
    const back = await openNotices(await uriOf());
    expect(await back.next()).toEqual(second);
    await back.close();
  });

  test("a page does not hear of the kill of a flag that it does not see", async () => {
    const stream = await openNotices(await uriOf(clientKey));
    const first = await stream.next();
    const { id } = await ada.ok("POST /api/v1/kills", {
      body: { project: "shop", environments: ["development"], flags: ["checkout"], reason: "smoke" },
    });
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
    await ada.ok("POST /api/v1/kills", {
      body: { project: "shop", environments: ["development"], flags: ["banner"], reason: "smoke" },
    });
    const second = await stream.next();
    expect(second.etag.split("-").slice(0, 2)).toEqual(first.etag.split("-").slice(0, 2));
    expect(second.etag).not.toBe(first.etag);
    await stream.close();
  });

  test("needs a token that this instance signed for a key that lives, from where the key may be used", async () => {
    const key = await shop.key("client", "development", ["https://shop.example"]);
    const uri = await uriOf(key.secret);
    const status = async (url: string, origin?: string) => {
      const response = await fetch(url, origin === undefined ? {} : { headers: { origin } });
      await response.body?.cancel();
      return response.status;
    };
    expect(await status(uri, "https://shop.example")).toBe(200);
    expect(await status(uri, "https://evil.example")).toBe(403);
    expect(await status(`${server.origin}/ofrep/v1/stream?token=forged`)).toBe(401);
    expect(await status(`${server.origin}/ofrep/v1/stream`)).toBe(400);
    const stream = await openNotices(uri);
    await stream.next();
    await ada.ok("DELETE /api/v1/projects/{project}/keys/{key}", {
      params: { project: "shop", key: key.id },
    });
    await stream.ended;
    expect(await status(uri)).toBe(401);
  });

  test("a node that goes away ends its streams and opens no other", async () => {
    const leaving = await testServer();
    const owner = await setUp(leaving);
    const { secret } = await shopOf(owner).key("server");
    const response = await fetch(leaving.origin + BULK, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
    });
    const { eventStreams } = await json(response);
    const url = leaving.origin + eventStreams[0].endpoint.requestUri;
    const stream = await openNotices(url);
    await leaving.services.drain();
    await stream.ended;
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    await leaving.close();
  });
});
