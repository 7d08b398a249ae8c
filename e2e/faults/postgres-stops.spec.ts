import { expect, test } from "@playwright/test";
import { type Api, setUp } from "../support/api.ts";
import { query } from "../support/database.ts";
import { type Node, startNode } from "../support/node.ts";
import { type SdkProcess, startSdkProcess } from "../support/sdk-process.ts";
import { ownServices, type Services } from "../support/services.ts";

const USERS = Array.from({ length: 200 }, (_, index) => `user-${index}`);
const MANAGEMENT_DEADLINE_MS = 8_000;

let services: Services;
let a: Node;
let b: Node;
let api: Api;
let sdk: SdkProcess;
let sdkKey: string;
let killToken: string;

test.beforeAll(async () => {
  services = await ownServices();
  const env = {
    DATABASE_URL: services.postgres.url,
    REDIS_URL: services.redis.url,
    LANYARD_SECRET: "a secret that is long enough for tests",
  };
  a = await startNode(env);
  b = await startNode(env);
  api = await setUp(a);
  for (const key of ["by-token", "by-person"]) {
    await api.call("POST", "/api/v1/projects/web/flags", { key, name: key });
    await api.call("PATCH", `/api/v1/projects/web/flags/${key}/environments/development`, { on: true });
  }
  sdkKey = await makeKey({ kind: "server", name: "app", environment: "development" });
  killToken = await makeKey({ kind: "kill", name: "cord" });
  sdk = await startSdkProcess(b.url, sdkKey);
});

test.afterAll(async () => {
  await sdk?.stop();
  await Promise.all([a?.stop("SIGKILL"), b?.stop("SIGKILL")]);
  await services?.end();
});

test("with PostgreSQL gone, kills are taken, seen on the other node, and on the record once it is back", async () => {
  expect((await sdk.evaluate("by-token", USERS)).on).toHaveLength(USERS.length);
  await services.postgres.kill();

  const byToken = await kill("by-token", { authorization: `Bearer ${killToken}` });
  const byPerson = await kill("by-person", { cookie: api.cookie });
  for (const { flag, accepted, answeredAt, answer } of [byToken, byPerson]) {
    expect(accepted.status, `${flag}: ${answer}`).toBe(202);
    const seen = await sdk.seen(
      ({ event, detail }) => event === "kill" && JSON.stringify(detail).includes(flag),
    );
    console.log(
      `PostgreSQL gone: ${flag} killed at the other node's SDK ${seen.at - answeredAt} ms after the answer`,
    );
    expect(await sdk.evaluate(flag, USERS)).toEqual({ on: [], reasons: { killed: USERS.length } });
  }

  const asked = Date.now();
  const list = await fetch(`${a.url}/api/v1/projects/web/flags`, { headers: { cookie: api.cookie } });
  expect(list.status).toBe(503);
  expect(await list.json()).toMatchObject({ code: "unavailable" });
  expect(Date.now() - asked).toBeLessThan(MANAGEMENT_DEADLINE_MS);
  const second = await startSdkProcess(a.url, sdkKey);
  expect((await second.evaluate("by-token", USERS)).reasons).toEqual({ killed: USERS.length });
  await second.stop();

  await services.postgres.start();
  await expect
    .poll(
      () => query(services.postgres.url, "SELECT flag_key FROM kill_elements ORDER BY 1").catch(() => []),
      {
        timeout: 10_000,
      },
    )
    .toEqual([{ flag_key: "by-person" }, { flag_key: "by-token" }]);
  const record = await query<{ count: string }>(
    services.postgres.url,
    "SELECT count(*) FROM changes WHERE action = 'kill.accepted'",
  );
  expect(Number(record[0]?.count)).toBe(2);
  await expect
    .poll(
      async () =>
        (await fetch(`${a.url}/api/v1/projects/web/flags`, { headers: { cookie: api.cookie } })).status,
    )
    .toBe(200);
});

async function makeKey(body: object): Promise<string> {
  return (await api.call<{ secret: string }>("POST", "/api/v1/projects/web/keys", body)).secret;
}

async function kill(flag: string, headers: Record<string, string>) {
  const accepted = await fetch(`${a.url}/api/v1/kills`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ project: "web", environments: ["development"], flags: [flag], reason: "errors" }),
  });
  return { flag, accepted, answeredAt: Date.now(), answer: await accepted.text() };
}
