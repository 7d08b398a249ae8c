import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
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
import { openSdkStream } from "../testing/sdk-stream.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const params = { project: "shop" };
let database: TestDatabase;
/** Reaches PostgreSQL and Redis. */
let whole: TestServer;
/** Is cut off from PostgreSQL and reaches Redis. */
let cut: TestServer;
let cable: Plug;
let redis: Plug;
let ada: Caller;
let keys: Record<"server" | "kill" | "later", { id: string; secret: string }>;
/** Whose sessions the node remembers from before it was cut off, by their cookies. */
let remembered: Record<"eda" | "max" | "zoe", string>;

beforeAll(async () => {
  database = await testDatabase();
  cable = await plugInto(database.url);
  const redisUrl = process.env.TEST_REDIS_URL ?? "";
  redis = await plugInto(redisUrl);
  const secret = randomBytes(32).toString("hex");
  whole = await testServer({ secret, redisUrl, databaseUrl: database.url });
  cut = await testServer({ secret, redisUrl: redis.url, databaseUrl: cable.url });
  ada = await setUp(whole);
  const shop = shopOf(ada);
  await shop.flag("checkout");
  keys = { server: await shop.key("server"), kill: await shop.key("kill"), later: await shop.key("kill") };
  const join = async (name: string) => {
    await addMember(whole, ada, "shop", "editor", emailOf(name));
    const cookies = await signIn(name);
    await at(cut, cookies).ok("GET /api/v1/session");
    return cookies;
  };
  remembered = { eda: await join("eda"), max: await join("max"), zoe: await join("zoe") };
  await addMember(whole, ada, "shop", "editor", emailOf("ivy"));
});
afterAll(async () => {
  await Promise.all([whole.close(), cut.close()]);
  await Promise.all([cable.close(), redis.close()]);
  await database.drop();
});

const emailOf = (name: string) => `${name}@example.com`;
const at = ({ origin }: TestServer, cookie: string) => createCaller(origin, { cookie });
const pager = (key: "kill" | "later" = "kill") =>
  createCaller(cut.origin, { authorization: `Bearer ${keys[key].secret}` });

async function signIn(name: string): Promise<string> {
  const body = { email: emailOf(name), password: PASSWORD };
  const { headers, status } = await whole.stranger.call("POST /api/v1/session", { body });
  expect(status).toBe(201);
  return cookiesOf(headers);
}

async function killStatus(by: Caller): Promise<number> {
  const body = { ...params, environments: ["development"], flags: ["checkout"], reason: "it burns" };
  return (await by.call("POST /api/v1/kills", { body })).status;
}

const refused = (by: Caller, status: number) =>
  waitFor("it to be refused", async () => (await killStatus(by)) === status);

const revoke = ({ id }: { id: string }) =>
  ada.ok("DELETE /api/v1/projects/{project}/keys/{key}", { params: { ...params, key: id } });

async function accountOf(name: string): Promise<string> {
  const { items } = await ada.ok("GET /api/v1/projects/{project}/members", { params });
  return items.find(({ email }) => email === emailOf(name))?.accountId ?? "";
}

test("what ends while a node reaches Redis and not PostgreSQL ends there too, with its streams", async () => {
  const stream = await openSdkStream(cut.origin, keys.server.secret);
  await stream.next("heartbeat");
  const page = await fetch(`${cut.origin}/api/v1/events?project=shop`, {
    headers: { cookie: remembered.zoe },
  });
  expect(page.status).toBe(200);
  await cable.pull();
  await waitFor(
    "the node to notice",
    async () => (await cut.stranger.call("GET /api/v1/setup")).status === 503,
  );
  // Of this session the node knows by the kill pass only.
  const ivy = at(cut, await signIn("ivy"));
  const [eda, max, zoe] = [at(cut, remembered.eda), at(cut, remembered.max), at(cut, remembered.zoe)];
  for (const by of [pager(), ivy, eda, max, zoe]) expect(await killStatus(by)).toBe(202);

  const member = async (name: string) => ({ params: { ...params, account: await accountOf(name) } });
  await ada.ok("DELETE /api/v1/projects/{project}/members/{account}", await member("eda"));
  await refused(eda, 404);
  // Members have changed: who is not remembered is somebody only PostgreSQL knows.
  await refused(ivy, 503);
  await ada.ok("PATCH /api/v1/projects/{project}/members/{account}", {
    ...(await member("max")),
    body: { role: "viewer" },
  });
  await refused(max, 403);
  expect(await killStatus(zoe)).toBe(202);
  await at(whole, remembered.zoe).ok("DELETE /api/v1/session");
  await refused(zoe, 503);
  await page.text().catch(() => {});

  for (const key of [keys.server, keys.kill]) await revoke(key);
  await stream.ended;
  const headers = { authorization: `Bearer ${keys.server.secret}` };
  expect((await fetch(`${cut.origin}/sdk/v1/ruleset`, { headers })).status).toBe(401);
  await refused(pager(), 401);
});

test("what ended while a node reached neither ends there when Redis is back", async () => {
  await Promise.all([cable.pull(), redis.pull()]);
  await revoke(keys.later);
  // It cannot know.
  expect(await killStatus(pager("later"))).toBe(202);
  await redis.restore();
  await refused(pager("later"), 401);
});
