import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { administer } from "../../testing/administer.ts";
import { createCaller, testServer } from "../../testing/index.ts";
import { openKillScene } from "../../testing/kill-scene.ts";
import { metricOf } from "../../testing/metric.ts";
import { openSdkStream } from "../../testing/sdk-stream.ts";
import { waitFor } from "../../testing/wait-for.ts";

const scene = await openKillScene();
const { database, server, ada, key, pager, kill, killOnRecord, recordOf, heardKill } = scene;
afterAll(scene.close);

/** More failures than a refusal for good would survive. */
const FAILURES = 7;

/** As a standby is before it is promoted: it answers every question and takes nothing. */
async function makeReadOnly(value: "on" | "off") {
  const name = new URL(database.url).pathname.slice(1);
  await administer(
    `alter database ${pg.escapeIdentifier(name)} set default_transaction_read_only = ${value}`,
  );
  // A session has what was set when it began.
  await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
}

test("a standby that takes nothing yet is away for now: a kill waits for it, and keeps who, why and how long", async () => {
  await makeReadOnly("on");
  const asked = { flags: ["checkout"], reason: "errors above 2 %", expiresAt: "2126-01-01T00:00:00.000Z" };
  const { status, body } = await kill(pager, asked);
  expect(status).toBe(202);
  expect(body).toMatchObject({ durable: ["journal"], pending: ["postgres"] });
  const failures = () => metricOf(server.origin, "lanyard_kill_drains_failed_total");
  await waitFor("many failures", async () => (await failures()) >= FAILURES, 60_000);
  expect(await metricOf(server.origin, "lanyard_kills_pending")).toBe(1);

  const saving = await ada.call("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
    params: { project: "shop", flag: "search", environment: "development" },
    body: { on: true, message: "while nothing can be saved" },
  });
  expect(saving.problem).toMatchObject({ status: 503, code: "unavailable" });

  await makeReadOnly("off");
  const seen = await waitFor("the record", async () => {
    const answer = await ada.call("GET /api/v1/kills/{kill}", { params: { kill: body.id } });
    return answer.status === 200 && answer.body;
  });
  const { reason, expiresAt } = asked;
  expect(seen).toMatchObject({ reason, expiresAt, active: true, by: { kind: "kill-token", name: "pager" } });
  // Moves the counter, at which nodes find what the database lost.
  await killOnRecord(pager, { flags: ["search"] });
  expect(await recordOf(body.id)).toMatchObject([{ action: "kill.accepted", actorName: "pager" }]);
  const { items } = await ada.ok("GET /api/v1/projects/{project}/changes", { params: { project: "shop" } });
  expect(items.map(({ action }) => action)).not.toContain("kill.restored");
}, 120_000);

test("a node that starts on it serves and kills", async () => {
  await makeReadOnly("on");
  const node = await testServer({ databaseUrl: database.url });
  await waitFor("readiness", async () => (await fetch(`${node.origin}/readyz`)).status === 200);
  const stream = await openSdkStream(node.origin, key);
  const { status, body } = await kill(createCaller(node.origin, pager.headers), { flags: ["invoices"] });
  expect(status).toBe(202);
  await heardKill(stream, body.id);
  await makeReadOnly("off");
  await waitFor("the record", async () => (await recordOf(body.id).catch(() => [])).length === 1);
  await stream.close();
  await node.close();
});
