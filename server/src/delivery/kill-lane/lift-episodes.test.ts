import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";
import { waitFor } from "../../testing/wait-for.ts";

let server: TestServer;
let ada: Caller;
let lifting: string;
let killing: string;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  await shopOf(ada).flag("search");
  const token = async (liftsOnResolve: boolean) => {
    const { secret } = await ada.ok("POST /api/v1/projects/{project}/keys", {
      params: { project: "shop" },
      body: { kind: "kill", name: "pager", environments: ["development"], liftsOnResolve, expiresAt: null },
    });
    return secret;
  };
  lifting = await token(true);
  killing = await token(false);
});
afterAll(() => server.close());

const send = async (token: string, body: object) => {
  const url = `${server.origin}/hooks/kill/${token}?project=shop&environment=development&flag=search`;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { outcome: string; kill: { id: string } | null };
};
const active = async () => {
  const { items } = await ada.ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } });
  return items.map(({ id }) => id);
};

const alertmanager = (status: string) => ({
  status,
  alerts: [{ status, fingerprint: "a", startsAt: "2026-11-22T03:00:00Z" }],
});
const grafana = (status: string) => ({
  ...alertmanager(status),
  state: status === "resolved" ? "ok" : "alerting",
  alerts: [{ status, fingerprint: "g", startsAt: "2026-11-22T03:00:00Z", labels: { alertname: "Errors" } }],
});

test.each([
  ["Alertmanager", alertmanager("firing"), alertmanager("resolved")],
  ["Grafana", grafana("firing"), grafana("resolved")],
  [
    "Datadog",
    { alert_transition: "Triggered", alert_cycle_key: 7412 },
    { alert_transition: "Recovered", alert_cycle_key: 7412 },
  ],
  ["plain JSON", { episode: "e-1" }, { episode: "e-1", status: "resolved" }],
  ["a body without an episode", {}, { status: "resolved" }],
])("%s: resolved, it ends the kill of its episode and no other", async (name, firing, resolved) => {
  const own = await send(lifting, firing);
  const another = await send(lifting, { episode: `not ${name}` });
  const others = await send(killing, firing);
  const byHand = await createCaller(server.origin, { authorization: `Bearer ${lifting}` }).ok(
    "POST /api/v1/kills",
    {
      body: { project: "shop", environments: ["development"], flags: ["search"], reason: "it burns" },
    },
  );
  expect(own.outcome).toBe("killed");
  expect(await send(killing, resolved)).toEqual({ outcome: "ignored", kill: null });
  await waitFor("four kills on record", async () => (await active()).length === 4);
  expect(await send(lifting, resolved)).toEqual({ outcome: "lifted", kill: null });
  await waitFor("the lift on record", async () => (await active()).length === 3);
  expect((await active()).sort()).toEqual([another.kill?.id, others.kill?.id, byHand.id].sort());
  expect(await send(lifting, resolved)).toEqual({ outcome: "ignored", kill: null });

  const { items } = await ada.ok("GET /api/v1/projects/{project}/changes", {
    params: { project: "shop" },
    query: {},
  });
  expect(items[0]).toMatchObject({ action: "kill.lifted-on-resolve", actor: { kind: "kill-token" } });
  for (const id of await active())
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
});

test("an alert that tells no episodes kills again after its kill was lifted", async () => {
  const first = await send(lifting, {});
  await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: first.kill?.id ?? "" }, body: {} });
  const next = await send(lifting, {});
  expect(next.outcome).toBe("killed");
  expect(next.kill?.id).not.toBe(first.kill?.id);
});

test("a token that lifts on resolve lifts nothing by any other way", async () => {
  const { kill } = await send(lifting, { episode: "e-2" });
  const authorization = `Bearer ${lifting}`;
  for (const way of ["lift", "break-glass-lift"]) {
    const response = await fetch(`${server.origin}/api/v1/kills/${kill?.id}/${way}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(
        way === "lift" ? {} : { project: "shop", environments: ["development"], reason: "mine" },
      ),
    });
    expect(response.status).toBe(403);
  }
});
