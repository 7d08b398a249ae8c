import { isDeepStrictEqual } from "node:util";
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { killElements, kills } from "../../database/schema/index.ts";
import { createFanout, type KillFact } from "../../fanout/index.ts";
import { openKillScene } from "../../testing/kill-scene.ts";
import { metricOf } from "../../testing/metric.ts";
import { waitFor } from "../../testing/wait-for.ts";
import { recordFact } from "./record-fact.ts";

const scene = await openKillScene();
const { server, ada, pager, killOnRecord, lift } = scene;
afterAll(scene.close);

const read = (id: string) => ada.ok("GET /api/v1/kills/{kill}", { params: { kill: id } });
/** A call that was given up may still be under way, and repeats that the kill is to last for ever. */
const ended = (id: string) =>
  waitFor("the kill to end", async () => {
    await setOver(and(eq(kills.id, id), isNull(kills.expiresAt)));
    return (await read(id)).active === false;
  });
const listed = async () => {
  const { items } = await ada.ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } });
  return items.map(({ id }) => id);
};
const open = async (id: string) =>
  (await read(id)).elements.flatMap(({ flag, lift: over }) => (over ? [] : [flag]));
const setOver = (which: SQL | undefined) =>
  server.services.database.raw.update(kills).set({ expiresAt: sql`now()` }).where(which);
/** By PostgreSQL's clock their time is over. */
const expire = async (...ids: string[]) => {
  await waitFor("all kills on record", async () => {
    return (await metricOf(server.origin, "lanyard_kills_pending")) === 0;
  });
  await setOver(inArray(kills.id, ids));
};
/** The server has ended all that it would end: the second kill is looked at after everything that was due before. */
const untilAllEnded = async () => {
  for (const flags of [["search"], ["search", "checkout", "invoices"]]) {
    const { body } = await killOnRecord(pager, { flags });
    await expire(body.id);
    await ended(body.id);
  }
};

test("the expiry of a kill that was lifted in part leaves alone what was killed again since", async () => {
  const first = (await killOnRecord(ada, { flags: ["checkout", "invoices"] })).body;
  await ada.ok("POST /api/v1/kills/{kill}/lift", {
    params: { kill: first.id },
    body: { flags: ["checkout"] },
  });
  const again = (await killOnRecord(ada, { flags: ["checkout", "invoices"] })).body;
  expect(again.id).not.toBe(first.id);
  expect(await listed()).toEqual([again.id]);
  await expire(first.id);
  await untilAllEnded();
  expect(await open(again.id)).toEqual(["checkout", "invoices"]);
  await lift(again.id);
});

test("what goes on under another id lasts as long as it was to last before", async () => {
  const first = (await killOnRecord(ada, { flags: ["checkout", "invoices"] })).body;
  await ada.ok("POST /api/v1/kills/{kill}/lift", {
    params: { kill: first.id },
    body: { flags: ["checkout"] },
  });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const again = await killOnRecord(ada, { flags: ["checkout", "invoices"], expiresAt });
  expect(again.body.id).not.toBe(first.id);
  expect(await read(again.body.id)).toMatchObject({ active: true, expiresAt: null });
  await lift(again.body.id);
});

test("a repetition that reaches the database after the expiry holds on, for as long as it asked", async () => {
  const { body } = await killOnRecord(pager, { flags: ["checkout"] });
  const { at, by } = await read(body.id);
  const [row] = await server.services.database.read
    .select({ projectId: kills.projectId, environmentId: killElements.environmentId })
    .from(kills)
    .innerJoin(killElements, eq(killElements.killId, kills.id))
    .where(eq(kills.id, body.id));
  const repeated: KillFact = {
    ...{ kind: "kill", id: body.id, reason: "still burns", selector: { flags: ["checkout"] }, actor: by },
    projectId: row?.projectId ?? "",
    at: new Date(Date.parse(at) + 500).toISOString(),
    expiresAt: null,
    elements: [{ environmentId: row?.environmentId ?? "", flag: "checkout" }],
  };
  await expire(body.id);
  await ended(body.id);
  const { elements: over, expiresAt } = await read(body.id);
  expect(over).toMatchObject([{ lift: { at: expiresAt, by: { name: "expiry" } } }]);
  const { database } = server.services;
  const secrets = { current: "of another node", previous: undefined };
  const fanout = createFanout({ database, secrets, log: pino({ level: "silent" }) });
  const { id } = await recordFact({ database, fanout }, repeated);
  await fanout.close();
  expect(id).not.toBe(body.id);
  expect(await read(id)).toMatchObject({ active: true, expiresAt: null, reason: "still burns" });
  await lift(id);
});

test("the record of an expiry names each flag with its environment", async () => {
  const two = { flags: ["checkout", "search"], environments: ["development", "production"] };
  const wide = (await killOnRecord(ada, two)).body;
  const narrow = (await killOnRecord(ada, { flags: ["checkout"] })).body;
  await expire(wide.id, narrow.id);
  await ended(wide.id);
  await ended(narrow.id);
  const { items } = await ada.ok("GET /api/v1/projects/{project}/changes", {
    params: { project: "shop" },
    query: {},
  });
  const lineOf = (id: string) =>
    items.find(({ action, subject }) => action === "kill.expired" && subject.key === id);
  const places = two.environments.flatMap((environment) => two.flags.map((flag) => ({ environment, flag })));
  const isAll = (lifted: unknown[]) => isDeepStrictEqual(new Set(lifted), new Set(places));
  expect(lineOf(wide.id)).toMatchObject({
    environment: null,
    after: { lifted: expect.toSatisfy(isAll) },
  });
  expect(lineOf(narrow.id)).toMatchObject({
    environment: "development",
    after: { lifted: [{ environment: "development", flag: "checkout" }] },
  });
});

test("one kill that cannot be ended keeps no other from it, and is counted and tried again", async () => {
  const { raw } = server.services.database;
  await raw.execute(sql`create function refuse_lift() returns trigger language plpgsql as $$
    begin if new.flag_key = 'checkout' then raise exception 'not this one'; end if; return new; end $$`);
  await raw.execute(
    sql`create trigger refuse_lift before insert on lift_elements for each row execute function refuse_lift()`,
  );
  const ids = [];
  for (const flag of ["checkout", "invoices", "search"])
    ids.push((await killOnRecord(ada, { flags: [flag] })).body.id);
  await expire(...ids);
  const [stuck = "", ...others] = ids;
  await Promise.all(others.map(ended));
  await waitFor("it to be counted", async () => {
    return (await metricOf(server.origin, "lanyard_kill_expiries_failed_total")) > 0;
  });
  expect(await open(stuck)).toEqual(["checkout"]);
  await raw.execute(sql`drop trigger refuse_lift on lift_elements`);
  await ended(stuck);
});
