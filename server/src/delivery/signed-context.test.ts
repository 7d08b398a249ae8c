import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../testing/index.ts";
import { openSdkStream } from "../testing/sdk-stream.ts";
import { AUDIENCE, shopOf } from "../testing/shop.ts";

let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
});
afterAll(() => server.close());

const pair = generateKeyPairSync("ed25519");
const pem = pair.publicKey.export({ type: "spki", format: "pem" }) as string;

const withSecret = () => shopOf(ada).signedKey();
const withPublicKey = () =>
  shopOf(ada).signedKey({ verification: { algorithm: "EdDSA", audience: AUDIENCE, publicKey: pem } });

const nowSeconds = () => Math.floor(Date.now() / 1_000);
const bytes = (secret: string | undefined) => new TextEncoder().encode(secret);

interface Claims {
  iat?: number;
  exp?: number;
  aud?: string;
  context?: unknown;
}

function sign(key: Uint8Array | KeyObject, alg: string, claims: Claims = {}): Promise<string> {
  const iat = nowSeconds();
  const payload = { iat, exp: iat + 600, aud: AUDIENCE, context: { targetingKey: "u-1" }, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
}

const ask = (secret: string, token: string) =>
  createCaller(server.origin, { authorization: `Bearer ${secret}`, "lanyard-context": token }).call(
    "GET /sdk/v1/ruleset",
  );

describe("a signed context", () => {
  test("is believed when the key's secret signed it", async () => {
    const { secret, signingSecret } = await withSecret();
    expect(signingSecret).toMatch(/^lyd_sign_/);
    const answer = await ask(secret, await sign(bytes(signingSecret), "HS256"));
    expect(answer.status).toBe(200);
  });

  test("is believed when the key pair's private half signed it", async () => {
    const { secret } = await withPublicKey();
    expect((await ask(secret, await sign(pair.privateKey, "EdDSA"))).status).toBe(200);
  });

  test("is this server's fault, told to its log, when the key's secret is sealed under another LANYARD_SECRET", async () => {
    const { secret, signingSecret } = await withSecret();
    const other = await testServer({ databaseUrl: server.databaseUrl });
    const headers = {
      authorization: `Bearer ${secret}`,
      "lanyard-context": await sign(bytes(signingSecret), "HS256"),
    };
    const answer = await createCaller(other.origin, headers).call("GET /sdk/v1/ruleset");
    expect([answer.status, answer.problem.code]).toEqual([500, "internal"]);
    expect(JSON.stringify(answer.problem)).not.toMatch(/SECRET|seal/);
    await other.close();
  });

  test("is not needed: without one it is the anonymous visitor who calls", async () => {
    const { secret } = await withSecret();
    const page = createCaller(server.origin, { authorization: `Bearer ${secret}` });
    expect((await page.call("GET /sdk/v1/ruleset")).status).toBe(200);
  });

  test("is refused, on stream and ruleset alike, in words that say why", async () => {
    const hmac = await withSecret();
    const eddsa = await withPublicKey();
    const key = bytes(hmac.signingSecret);
    const now = nowSeconds();
    const claims = { iat: now, exp: now + 60, aud: AUDIENCE, context: {} };
    const other = generateKeyPairSync("ed25519").privateKey;
    const refused: [what: RegExp, key: { secret: string }, token: string][] = [
      [/signature/, hmac, await sign(bytes("x".repeat(32)), "HS256")],
      [/signature/, eddsa, await sign(other, "EdDSA")],
      [/algorithm/, eddsa, await sign(bytes(pem), "HS256")],
      [/algorithm/, hmac, await sign(pair.privateKey, "EdDSA")],
      [/algorithm/, hmac, await sign(key, "HS512")],
      [/./, hmac, new UnsecuredJWT(claims).encode()],
      [/aud/, hmac, await sign(key, "HS256", { aud: "another" })],
      [/15 minutes/, hmac, await sign(key, "HS256", { iat: now, exp: now + 901 })],
      [/future/, hmac, await sign(key, "HS256", { iat: now + 300, exp: now + 400 })],
      [/context/, hmac, await sign(key, "HS256", { context: "u-1" })],
      [
        /iat/,
        hmac,
        await new SignJWT({ exp: now + 60, aud: AUDIENCE }).setProtectedHeader({ alg: "HS256" }).sign(key),
      ],
      [/characters/, hmac, await sign(key, "HS256", { context: { note: "x".repeat(8_000) } })],
      [/JWT/, hmac, "what.is.this"],
      [/verifies no/, await shopOf(ada).key("client"), await sign(key, "HS256")],
    ];
    for (const [what, { secret }, token] of refused) {
      const { status, problem } = await ask(secret, token);
      expect({ status, code: problem.code }).toEqual({ status: 403, code: "context-refused" });
      expect(problem.detail).toMatch(what);
    }
    const stream = await openSdkStream(server.origin, hmac.secret, {}, { "lanyard-context": "no" });
    expect(stream.response.status).toBe(403);
  });

  test("expires with a code of its own, after a minute for clocks that differ", async () => {
    const { secret, signingSecret } = await withSecret();
    const token = (ago: number) =>
      sign(bytes(signingSecret), "HS256", { iat: nowSeconds() - 600, exp: nowSeconds() - ago });
    expect((await ask(secret, await token(20))).status).toBe(200);
    const { status, problem, headers } = await ask(secret, await token(70));
    expect({ status, code: problem.code }).toEqual({ status: 401, code: "context-expired" });
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });

  test("ends its stream when it is believed no more, so that the SDK comes with a fresh one", async () => {
    const { secret, signingSecret } = await withSecret();
    const token = await sign(bytes(signingSecret), "HS256", {
      iat: nowSeconds() - 600,
      exp: nowSeconds() - 50,
    });
    const stream = await openSdkStream(server.origin, secret, {}, { "lanyard-context": token });
    await stream.next("heartbeat");
    await stream.ended;
    expect(stream.frames.at(-1)?.event).toBe("goodbye");
  });

  test("may be sent by a page of another origin", async () => {
    const preflight = await fetch(`${server.origin}/sdk/v1/ruleset`, {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": "GET" },
    });
    expect(preflight.headers.get("access-control-allow-headers")).toContain("Lanyard-Context");
  });
});

describe("what a key verifies by", () => {
  test("is listed without its secret, and is on the record without it", async () => {
    const { id, signingSecret, verification } = await withSecret();
    expect(verification).toEqual({ algorithm: "HS256", audience: AUDIENCE });
    const params = { project: "shop" };
    const { items } = await ada.ok("GET /api/v1/projects/{project}/keys", { params });
    expect(items.find((key) => key.id === id)?.verification).toEqual(verification);
    const changes = await ada.ok("GET /api/v1/projects/{project}/changes", { params });
    for (const text of [JSON.stringify(items), JSON.stringify(changes)])
      expect(text).not.toContain(signingSecret);
    expect(JSON.stringify(changes)).toContain(AUDIENCE);
  });

  test("is refused where it is no Ed25519 public key", async () => {
    const ecdsa = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
    const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    for (const publicKey of [ecdsa.export({ type: "spki", format: "pem" }) as string, pkcs8, "no key"]) {
      const answer = await ada.call("POST /api/v1/projects/{project}/keys", {
        params: { project: "shop" },
        body: {
          kind: "client",
          name: "page",
          environment: "development",
          origins: ["*"],
          expiresAt: null,
          verification: { algorithm: "EdDSA", audience: AUDIENCE, publicKey },
        },
      });
      expect(answer.problem.errors?.[0]?.path).toBe("/verification/publicKey");
    }
  });
});
