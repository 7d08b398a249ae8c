import { afterAll, expect, test } from "vitest";
import { openKillScene } from "../../testing/kill-scene.ts";

const scene = await openKillScene();
const { ada, killOnRecord, lift } = scene;
afterAll(scene.close);

const read = (id: string) => ada.ok("GET /api/v1/kills/{kill}", { params: { kill: id } });

test("a lift of a kill that was lifted in part ends nothing that was killed again since", async () => {
  const flags = ["checkout", "search"];
  const first = (await killOnRecord(ada, { flags })).body;
  await ada.ok("POST /api/v1/kills/{kill}/lift", {
    params: { kill: first.id },
    body: { flags: ["checkout"] },
  });
  const again = (await killOnRecord(ada, { flags })).body;
  const { items } = await ada.ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } });
  expect(items.map(({ id }) => id)).toEqual([again.id]);

  const { kill, stillKilledBy } = await lift(first.id);
  expect(kill.active).toBe(false);
  expect(stillKilledBy).toEqual(
    flags.map((flag) => ({ environment: "development", flag, kills: [again.id] })),
  );
  expect((await read(again.id)).elements.map(({ lift: over }) => over)).toEqual([null, null]);
  await lift(again.id);
  expect((await read(again.id)).active).toBe(false);
});

test("in a protected environment a lift says why, like every change there", async () => {
  const environments = ["development", "production"];
  const { id } = (await killOnRecord(ada, { flags: ["invoices"], environments })).body;
  const lifting = (body: object) =>
    ada.call("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body });
  for (const body of [{}, { reason: " " }]) {
    const { status, problem } = await lifting(body);
    expect(status).toBe(400);
    expect(problem.errors).toEqual([
      { in: "body", path: "/reason", message: "say why: production is protected" },
    ]);
  }
  expect((await read(id)).elements.map(({ lift: over }) => over)).toEqual([null, null]);
  expect((await lifting({ environments: ["development"] })).status).toBe(200);
  expect((await lifting({ reason: "mended" })).body.kill).toMatchObject({ active: false });
});
