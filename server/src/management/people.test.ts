import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addMember, type Caller, cookieOf, createCaller, PASSWORD, testServer } from "../testing/index.ts";
import type { TestServer } from "../testing/server.ts";

const shop = { project: "shop" };
const SESSION = "POST /api/v1/session";
const ACCEPT = "POST /api/v1/invitations/{token}/accept";
let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

describe("setup", () => {
  const body = (token: string, email: string) => ({
    ...{ token, email, name: "Ada", password: PASSWORD },
    project: { key: "shop", name: "Shop" },
  });
  const setup = (token: string, email: string) =>
    server.stranger.call("POST /api/v1/setup", { body: body(token, email) });

  test("takes the link that was printed, and no other", async () => {
    expect(await server.stranger.ok("GET /api/v1/setup")).toEqual({ needed: true });
    const { problem } = await setup("lyd_setup_not_the_right_one", "eve@example.com");
    expect(problem.code).toBe("link-expired");
  });

  test("makes one account, however many try at once", async () => {
    const link = await server.services.setupLink();
    const token = new URL(link ?? "").hash.replace("#token=", "");
    const answers = await Promise.all(["a", "b", "c"].map((name) => setup(token, `${name}@example.com`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const winner = answers.find(({ status }) => status === 201);
    ada = createCaller(server.origin, { cookie: cookieOf(winner?.headers ?? new Headers()) });
    const account = await ada.ok("GET /api/v1/session");
    expect(account).toMatchObject({
      instanceAdmin: true,
      memberships: [{ project: "shop", projectName: "Shop", role: "owner" }],
    });
    expect(await server.services.setupLink()).toBeUndefined();
    const { items } = await ada.ok("GET /api/v1/projects/{project}/changes", { params: shop });
    expect(items).toMatchObject([{ sequence: 1, action: "project.created", actor: { id: account.id } }]);
  });
});

describe("signing in", () => {
  test("gives a cookie that scripts cannot read, and replaces the one before", async () => {
    await addMember(server, ada, "shop", "viewer", "vera@example.com");
    const first = await server.stranger.call(SESSION, {
      body: { email: "VERA@example.com", password: PASSWORD },
    });
    const cookie = first.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^lanyard=lyd_ses_/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    const vera = createCaller(server.origin, { cookie: cookieOf(first.headers) });
    const second = await vera.call(SESSION, { body: { email: "vera@example.com", password: PASSWORD } });
    expect((await vera.call("GET /api/v1/session")).status).toBe(401);
    const again = createCaller(server.origin, { cookie: cookieOf(second.headers) });
    expect((await again.ok("GET /api/v1/session")).email).toBe("vera@example.com");
  });

  test("says the same of a wrong password and of an unknown address", async () => {
    const wrong = await server.stranger.call(SESSION, { body: { email: "vera@example.com", password: "x" } });
    const unknown = await server.stranger.call(SESSION, {
      body: { email: "nobody@example.com", password: "x" },
    });
    expect([wrong.status, wrong.problem.detail]).toEqual([401, unknown.problem.detail]);
  });

  test("makes a guesser wait, who is told how long; another account still gets in", async () => {
    await addMember(server, ada, "shop", "viewer", "gus@example.com");
    const guess = () =>
      server.stranger.call(SESSION, { body: { email: "gus@example.com", password: "guess" } });
    let answer = await guess();
    for (let i = 0; i < 6 && answer.status === 401; i += 1) answer = await guess();
    expect([answer.status, answer.problem.code]).toEqual([429, "rate-limited"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const vera = await server.stranger.call(SESSION, {
      body: { email: "vera@example.com", password: PASSWORD },
    });
    expect(vera.status).toBe(201);
  });

  test("is refused to a page of another site, and so is every write on a cookie", async () => {
    const headers = { origin: "https://evil.example" };
    const body = { email: "vera@example.com", password: PASSWORD };
    expect((await server.stranger.call(SESSION, { body, headers })).problem.code).toBe("origin-refused");
    const flag = { key: "theirs", name: "Theirs" };
    const write = await ada.call("POST /api/v1/projects/{project}/flags", {
      params: shop,
      body: flag,
      headers,
    });
    expect(write.problem.code).toBe("origin-refused");
  });
});

describe("an invitation", () => {
  const invite = (email: string) =>
    ada.ok("POST /api/v1/projects/{project}/invitations", { params: shop, body: { email, role: "editor" } });
  const tokenOf = (link: string) => new URL(link).hash.replace("#token=", "");
  const accept = (link: string, password = PASSWORD) =>
    server.stranger.call(ACCEPT, { params: { token: tokenOf(link) }, body: { name: "Ivy", password } });

  test("shows what it offers, works once, and is replaced by the next", async () => {
    const first = await invite("ivy@example.com");
    const { link } = await invite("ivy@example.com");
    expect((await accept(first.link)).problem.code).toBe("link-expired");
    const params = { token: tokenOf(link) };
    expect(await server.stranger.ok("GET /api/v1/invitations/{token}", { params })).toMatchObject({
      ...{ email: "ivy@example.com", project: "shop", role: "editor", hasAccount: false },
    });
    const answers = await Promise.all([accept(link), accept(link)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410]);
    const again = await ada.call("POST /api/v1/projects/{project}/invitations", {
      params: shop,
      body: { email: "ivy@example.com", role: "viewer" },
    });
    expect(again.problem.code).toBe("already-exists");
  });

  test("to somebody with an account asks for its password", async () => {
    await ada.ok("POST /api/v1/projects", { body: { key: "other", name: "Other" } });
    const { link } = await ada.ok("POST /api/v1/projects/{project}/invitations", {
      params: { project: "other" },
      body: { email: "ivy@example.com", role: "viewer" },
    });
    expect((await accept(link, "not the password it has")).status).toBe(401);
    const { status, body } = await accept(link);
    expect(status).toBe(201);
    expect(body.memberships.map(({ project }) => project).sort()).toEqual(["other", "shop"]);
  });

  test("can be taken back", async () => {
    const { id, link } = await invite("rex@example.com");
    const params = { ...shop, invitation: id };
    await ada.ok("DELETE /api/v1/projects/{project}/invitations/{invitation}", { params });
    expect((await accept(link)).problem.code).toBe("link-expired");
  });
});

describe("members", () => {
  test("lose what a role gave them at once; a project keeps an owner", async () => {
    const eli = await addMember(server, ada, "shop", "editor", "eli@example.com");
    const { id: account } = await eli.ok("GET /api/v1/session");
    const make = (key: string) =>
      eli.call("POST /api/v1/projects/{project}/flags", { params: shop, body: { key, name: key } });
    expect((await make("one")).status).toBe(201);
    await ada.ok("PATCH /api/v1/projects/{project}/members/{account}", {
      params: { ...shop, account },
      body: { role: "viewer" },
    });
    expect((await make("two")).status).toBe(403);
    await ada.ok("DELETE /api/v1/projects/{project}/members/{account}", { params: { ...shop, account } });
    expect((await make("three")).status).toBe(404);
    const { id: own } = await ada.ok("GET /api/v1/session");
    const leaving = await ada.call("DELETE /api/v1/projects/{project}/members/{account}", {
      params: { ...shop, account: own },
    });
    expect(leaving.problem.code).toBe("in-use");
  });
});

describe("keys", () => {
  test("show their secret once, and stop when revoked", async () => {
    const made = await ada.ok("POST /api/v1/projects/{project}/keys", {
      params: shop,
      body: { kind: "management", name: "ci", role: "editor", environments: ["development"] },
    });
    expect(made.secret).toMatch(/^lyd_mgt_[\w-]{43}$/);
    expect(made.hint).toBe(made.secret.slice(0, 12));
    const listed = await ada.ok("GET /api/v1/projects/{project}/keys", { params: shop });
    expect(JSON.stringify(listed)).not.toContain(made.secret);
    const ci = createCaller(server.origin, { authorization: `Bearer ${made.secret}` });
    expect((await ci.call("GET /api/v1/projects/{project}", { params: shop })).status).toBe(200);
    const everywhere = await ci.call("POST /api/v1/projects/{project}/flags", {
      params: shop,
      body: { key: "from-ci", name: "CI" },
    });
    expect(everywhere.status).toBe(403);
    await ada.ok("DELETE /api/v1/projects/{project}/keys/{key}", { params: { ...shop, key: made.id } });
    expect((await ci.call("GET /api/v1/projects/{project}", { params: shop })).status).toBe(401);
  });

  test("name environments that there are, and end in the future", async () => {
    const { problem } = await ada.call("POST /api/v1/projects/{project}/keys", {
      params: shop,
      body: { kind: "kill", name: "pager", environments: ["production", "nowhere"] },
    });
    expect(problem.errors?.map(({ path }) => path)).toEqual(["/environments/1"]);
    const past = await ada.call("POST /api/v1/projects/{project}/keys", {
      params: shop,
      body: { kind: "server", name: "app", environment: "production", expiresAt: "2020-01-01T00:00:00Z" },
    });
    expect(past.problem.errors?.map(({ path }) => path)).toEqual(["/expiresAt"]);
  });
});
