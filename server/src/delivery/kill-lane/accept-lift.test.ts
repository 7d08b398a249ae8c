import { afterAll, expect, test } from "vitest";
import { openKillScene } from "../../testing/kill-scene.ts";

const scene = await openKillScene();
const { ada, pager, killOnRecord, lift } = scene;
afterAll(scene.close);

const breakGlass = (kill: string, more: object = {}) =>
  ada.call("POST /api/v1/kills/{kill}/break-glass-lift", {
    params: { kill },
    body: { project: "shop", environments: ["development"], reason: "customers are locked out", ...more },
  });
const held = async () => {
  const { kills } = await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
  return kills.map(({ id }) => id);
};

test("said again, a break-glass lift ends nothing that was killed since, and says what holds", async () => {
  const first = (await killOnRecord(pager, { flags: ["checkout"] })).body;
  expect((await breakGlass(first.id)).body.lifted).toEqual([
    { environment: "development", flag: "checkout" },
  ]);
  expect(await breakGlass(first.id)).toMatchObject({
    status: 409,
    problem: { code: "already-lifted", detail: "The kill was lifted already." },
  });
  const again = (await killOnRecord(pager, { flags: ["checkout"] })).body;
  expect(await breakGlass(first.id)).toMatchObject({
    status: 409,
    problem: {
      code: "already-lifted",
      detail: `The kill was lifted already. Still killed: checkout in development by ${again.id}.`,
      context: { stillKilledBy: [{ environment: "development", flag: "checkout", kills: [again.id] }] },
    },
  });
  expect(await held()).toEqual([again.id]);
  expect((await breakGlass(again.id)).status).toBeLessThan(300);
  expect(await held()).toEqual([]);
});

test("a flag that the kill does not cover is named back, and nothing is lifted", async () => {
  const { id } = (await killOnRecord(pager, { flags: ["checkout"] })).body;
  const { status, problem } = await breakGlass(id, { flags: ["checkout", "search"] });
  expect(status).toBe(400);
  expect(problem.errors).toEqual([{ in: "body", path: "/flags/1", message: "the kill does not cover it" }]);
  expect(await held()).toEqual([id]);
  await lift(id);
});

test("of a kill that no server knows, flags that exist are lifted, and no others", async () => {
  expect((await breakGlass("kill_of_a_lost_node")).status).toBe(404);
  const { status, problem } = await breakGlass("kill_of_a_lost_node", { flags: ["checkout", "nope"] });
  expect(status).toBe(400);
  expect(problem.errors).toEqual([{ in: "body", path: "/flags/1", message: "there is no such flag" }]);
  const { body } = await breakGlass("kill_of_a_lost_node", { flags: ["checkout"] });
  expect(body.lifted).toEqual([{ environment: "development", flag: "checkout" }]);
});

test("a later kill of a lost node is lifted by its flags, though an earlier one of the same is known", async () => {
  const { id } = (await killOnRecord(pager, { flags: ["search"] })).body;
  await lift(id);
  const lost = `${id}-${(Date.now() + 60_000).toString(36)}`;
  expect((await breakGlass(lost, { flags: ["search"] })).body.lifted).toEqual([
    { environment: "development", flag: "search" },
  ]);
});
