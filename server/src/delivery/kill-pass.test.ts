import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RouteName } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changes } from "../database/schema/index.ts";
import {
  type Answer,
  addMember,
  type Caller,
  cookiesOf,
  createCaller,
  PASSWORD,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../testing/index.ts";
import { type Plug, plugInto } from "../testing/plug.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const SESSION = "POST /api/v1/session";
const PASS = /lanyard-kill=[^;]+/;
const secret = randomBytes(32).toString("hex");
const dataDir = mkdtempSync(join(tmpdir(), "lanyard-data-"));

let database: TestDatabase;
let postgres: Plug;
/** Signs people in. */
let front: TestServer;
/** Has its own memory and, once restarted, knows of no session that was begun meanwhile. */
let other: TestServer;
let ada: Caller;

beforeAll(async () => {
  database = await testDatabase();
  postgres = await plugInto(database.url);
  front = await testServer({ databaseUrl: postgres.url, secret });
  ada = await setUp(front);
  await shopOf(ada).flag("checkout");
  await addMember(front, ada, "shop", "editor", "eda@example.com");
  await addMember(front, ada, "shop", "viewer", "vera@example.com");
  other = await startOther();
});
afterAll(async () => {
  await Promise.all([front.close(), other.close()]);
  await postgres.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const startOther = () => testServer({ databaseUrl: postgres.url, secret, dataDir });

/** A busy machine may take its database for hung for a moment. */
function answered<Name extends RouteName>(call: () => Promise<Answer<Name>>): Promise<Answer<Name>> {
  return waitFor("an answer", async () => {
    const answer = await call();
    return answer.status !== 503 && answer;
  });
}

async function signIn(email: string): Promise<string> {
  const body = { email, password: PASSWORD };
  const { headers, status } = await answered(() => front.stranger.call(SESSION, { body }));
  expect(status).toBe(201);
  return cookiesOf(headers);
}

const at = ({ origin }: TestServer, cookie: string) => createCaller(origin, { cookie });
const withoutPass = (cookies: string) => cookies.replace(PASS, "");
const passOf = (cookies: string) => PASS.exec(cookies)?.[0] ?? "";

function kill(by: Caller) {
  const body = { project: "shop", environments: ["development"], flags: ["checkout"], reason: "it burns" };
  return by.call("POST /api/v1/kills", { body });
}

const untilAway = (node: TestServer) =>
  waitFor("the node to notice", async () => (await node.stranger.call("GET /api/v1/setup")).status === 503);
const untilBack = (node: TestServer) =>
  waitFor("the database", async () => (await node.stranger.call("GET /api/v1/setup")).status === 200);

test("through a node that never saw the session, and was restarted, its bearer kills and does nothing else", async () => {
  await other.close();
  const cookies = await signIn("eda@example.com");
  const ownersCookies = await signIn("ada@example.com");
  const viewers = await signIn("vera@example.com");
  await postgres.pull();
  other = await startOther();
  await untilAway(other);

  // Who that is only the database could say.
  const unknown = [withoutPass(cookies), viewers, cookies.replace("-kill=", "-kill=0")];
  for (const cookie of unknown) expect((await kill(at(other, cookie))).status).toBe(503);
  expect((await kill(at(other, passOf(cookies)))).status).toBe(401);

  const killed = await kill(at(other, cookies));
  expect(killed.status).toBe(202);
  expect(killed.body).toMatchObject({ flags: ["checkout"], durable: ["journal"] });
  const lift = (by: Caller) =>
    by.call("POST /api/v1/kills/{kill}/break-glass-lift", {
      params: { kill: killed.body.id },
      body: { project: "shop", environments: ["development"], reason: "it was the wrong one" },
    });
  expect((await lift(at(other, cookies))).status).toBe(403);
  expect((await lift(at(other, ownersCookies))).status).toBe(202);
  for (const route of ["GET /api/v1/session", "GET /api/v1/projects"] as const)
    expect((await at(other, cookies).call(route)).status).toBe(503);
  const page = await at(other, cookies).ok("GET /api/v1/kill-page");
  expect(page).toMatchObject({
    account: { name: "editor" },
    databaseUp: false,
    projects: [{ key: "shop", name: "Shop", role: "editor" }],
  });
  expect(page.projects[0]?.environments.map(({ key, name }) => [key, name])).toEqual([
    ["development", "Development"],
    ["production", "Production"],
  ]);
  const foreign = createCaller(other.origin, { cookie: cookies, origin: "https://evil.example.com" });
  expect((await kill(foreign)).problem.code).toBe("origin-refused");

  await postgres.restore();
  await waitFor("the record", async () => {
    const rows = await front.services.database.read
      .select({ action: changes.action, name: changes.actorName })
      .from(changes)
      .where(eq(changes.subjectKey, killed.body.id))
      .catch(() => []);
    return rows.length === 2 && rows.some(({ name }) => name === "editor");
  });
});

test("a node of another secret does not believe it", async () => {
  const stranger = await testServer({ databaseUrl: postgres.url });
  await untilBack(front);
  const cookies = await signIn("eda@example.com");
  await postgres.pull();
  await untilAway(stranger);
  expect((await kill(at(stranger, cookies))).status).toBe(503);
  await postgres.restore();
  await untilBack(front);
  await stranger.close();
});

test("with the database there it counts for nothing: a session that is over is over", async () => {
  const cookies = await signIn("eda@example.com");
  const signedOut = await answered(() => at(front, cookies).call("DELETE /api/v1/session"));
  expect(signedOut.status).toBe(204);
  expect((await answered(() => kill(at(front, cookies)))).status).toBe(401);
});

test("it is set with the session, renewed when it says no longer what is so, and cleared with the session", async () => {
  const body = { email: "eda@example.com", password: PASSWORD };
  const signedIn = await answered(() => front.stranger.call(SESSION, { body }));
  const [, pass = ""] = signedIn.headers.getSetCookie();
  expect(pass).toMatch(/^lanyard-kill=.+; Max-Age=28800; Path=\/; .*HttpOnly; SameSite=Strict$/);
  const cookies = cookiesOf(signedIn.headers);
  const ask = async (cookie: string) => {
    const { headers } = await answered(() => at(front, cookie).call("GET /api/v1/session"));
    return headers.getSetCookie().join();
  };
  expect(await ask(cookies)).toBe("");
  expect(await ask(withoutPass(cookies))).toMatch(/^lanyard-kill=/);
  await shopOf(ada).key("server");
  expect(await ask(cookies)).toMatch(/^lanyard-kill=/);
  const { headers } = await answered(() => at(front, cookies).call("DELETE /api/v1/session"));
  const cleared = headers.getSetCookie().filter((cookie) => /^lanyard(-kill)?=;/.test(cookie));
  expect(cleared).toHaveLength(2);
});

test("on https both cookies are bound to the host", async () => {
  const server = await testServer({ publicUrl: "https://flags.example.com" });
  const token = new URL((await server.services.setupLink()) ?? "").hash.replace("#token=", "");
  const { headers } = await server.stranger.call("POST /api/v1/setup", {
    body: {
      ...{ token, email: "ada@example.com", name: "Ada", password: PASSWORD },
      project: { key: "shop", name: "Shop" },
    },
  });
  const cookies = headers.getSetCookie();
  expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["__Host-lanyard", "__Host-lanyard-kill"]);
  for (const cookie of cookies) expect(cookie).toContain("; Secure");
  await server.close();
});
