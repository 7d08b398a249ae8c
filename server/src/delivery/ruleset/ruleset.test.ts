import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";
import { matches, negotiate } from "./negotiate.ts";

let server: TestServer;
let ada: Caller;
let shop: ReturnType<typeof shopOf>;
let key: string;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  shop = shopOf(ada);
  await shop.flag("checkout");
  await shop.flag("banner", { audience: "client" });
  key = (await shop.key("server")).secret;
});
afterAll(() => server.close());

const get = (headers: Record<string, string> = {}, query = "") =>
  fetch(`${server.origin}/sdk/v1/ruleset${query}`, {
    headers: { authorization: `Bearer ${key}`, "accept-encoding": "identity", ...headers },
  });

/** Without fetch, which decompresses by itself. */
function getRaw(encoding: string): Promise<{ bytes: Buffer; encoding: string | undefined; etag: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, "accept-encoding": encoding };
    request(`${server.origin}/sdk/v1/ruleset`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          bytes: Buffer.concat(chunks),
          encoding: response.headers["content-encoding"],
          etag: response.headers.etag ?? "",
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

describe("the ruleset", () => {
  test("is complete, and names its identity", async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    const ruleset = (await response.json()) as Record<string, unknown>;
    expect(ruleset).toMatchObject({ format: 1, epoch: 1, revision: 2, kills: [], segments: {} });
    expect(Object.keys(ruleset.flags as object)).toEqual(["banner", "checkout"]);
  });

  test("keeps its ETag until the payload changes, and answers 304 to it", async () => {
    const first = await get();
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"env_\w+-1-2-.+-identity"$/);
    const again = await get({ "if-none-match": etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    await shop.turn("checkout", true);
    const changed = await get({ "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
  });

  test("answers 304 ahead of everything to its own key only, and never across encodings", async () => {
    const etag = (await get()).headers.get("etag") ?? "";
    const held = { "if-none-match": etag };
    expect((await get({ ...held, "accept-encoding": "gzip" })).status).toBe(200);
    expect((await get({ ...held, authorization: "Bearer lyd_srv_nope" })).status).toBe(401);
    expect((await get({ ...held, origin: "https://shop.example" })).status).toBe(403);
    expect((await get(held, "?kills=kill_unknown")).status).toBe(304);
    const unchanged = await get(held);
    expect(unchanged.status).toBe(304);
    expect(unchanged.headers.get("etag")).toBe(etag);
    expect(unchanged.headers.get("cache-control")).toBe("private, no-cache");
  });

  test("changes its ETag with a kill and goes back with its lift", async () => {
    const before = (await get()).headers.get("etag");
    const { id } = await ada.ok("POST /api/v1/kills", {
      body: { project: "shop", environments: ["development"], flags: ["checkout"], reason: "smoke" },
    });
    const killed = await get({ "if-none-match": before ?? "" });
    expect(killed.status).toBe(200);
    expect(await killed.json()).toMatchObject({ kills: [{ id, flag: "checkout" }] });
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
    expect((await get()).headers.get("etag")).toBe(before);
    const poll = (await (await get({}, `?kills=${id},kill_unknown`)).json()) as Record<string, unknown>;
    expect(poll.lifted).toEqual([{ id, flag: "checkout" }]);
  });

  test("is compressed as asked, from the same bytes", async () => {
    const plain = await (await get()).text();
    const gzip = await getRaw("gzip");
    expect(gzip.encoding).toBe("gzip");
    expect(gunzipSync(gzip.bytes).toString()).toBe(plain);
    const br = await getRaw("gzip, br");
    expect(br.encoding).toBe("br");
    expect(brotliDecompressSync(br.bytes).toString()).toBe(plain);
    expect(new Set([gzip.etag, br.etag]).size).toBe(2);
  });

  test("is refused to strangers, wrong keys and people", async () => {
    for (const headers of [{}, { authorization: "Bearer lyd_srv_nope" }]) {
      const answer = await createCaller(server.origin, headers).call("GET /sdk/v1/ruleset");
      expect(answer.status).toBe(401);
      expect(answer.problem.code).toBe("unauthenticated");
    }
    expect((await ada.call("GET /sdk/v1/ruleset")).status).toBe(403);
  });
});

describe("a client key", () => {
  test("sees flags for clients only, and their kills only", async () => {
    const { secret } = await shop.key("client");
    const { id } = await ada.ok("POST /api/v1/kills", {
      body: {
        project: "shop",
        environments: ["development"],
        flags: ["checkout", "banner"],
        reason: "smoke",
      },
    });
    const ruleset = await createCaller(server.origin, { authorization: `Bearer ${secret}` }).ok(
      "GET /sdk/v1/ruleset",
    );
    expect(Object.keys(ruleset.flags)).toEqual(["banner"]);
    expect(ruleset.kills).toMatchObject([{ id, flag: "banner" }]);
    expect(JSON.stringify(ruleset)).not.toContain("checkout");
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
  });

  test("is bound to its origins, on the request and not on the preflight", async () => {
    const { secret } = await shop.key("client", "development", ["https://shop.example"]);
    const authorization = `Bearer ${secret}`;
    const url = `${server.origin}/sdk/v1/ruleset`;
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "GET" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
    const good = await fetch(url, { headers: { authorization, origin: "https://shop.example" } });
    expect(good.status).toBe(200);
    expect(good.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(good.headers.get("vary")).toContain("Origin");
    const bad = await fetch(url, { headers: { authorization, origin: "https://evil.example" } });
    expect(bad.status).toBe(403);
    expect(await bad.json()).toMatchObject({ code: "origin-refused" });
  });

  test("a server key is refused in a browser", async () => {
    const response = await get({ origin: "https://shop.example" });
    expect(await response.json()).toMatchObject({ code: "origin-refused" });
  });
});

test("negotiation honours weights, and matching ignores weakness", () => {
  expect(negotiate("gzip, deflate, br;q=0")).toBe("gzip");
  expect(negotiate("*")).toBe("br");
  expect(negotiate("deflate")).toBe("identity");
  expect(negotiate(undefined)).toBe("identity");
  expect(matches('W/"a", "b"', '"a"')).toBe(true);
  expect(matches("*", '"a"')).toBe(true);
  expect(matches('"c"', '"a"')).toBe(false);
});
