import { afterAll, expect, test } from "vitest";
import { openKillScene } from "../../testing/kill-scene.ts";
import { waitFor } from "../../testing/wait-for.ts";

const { cable, ada, pager, shop, kill, lift, close } = await openKillScene();
afterAll(close);

const page = (search = "") =>
  ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" }, query: { search } });

test("flags are found by key and by name, with the tags and owners that a kill can name", async () => {
  await shop.flag("discount", { name: "Winter sale", tags: ["pricing"], owner: "team-price" });
  const all = await waitFor("the new flag", async () => {
    const found = await page();
    return found.flags.length === 4 && found.owners.length > 0 && found;
  });
  expect(all.flags.map(({ key }) => key)).toEqual(["checkout", "discount", "invoices", "search"]);
  expect(all.tags).toEqual(["payments", "pricing"]);
  expect(all.owners).toContain("team-price");
  expect((await page("INVO")).flags).toMatchObject([{ key: "invoices" }]);
  expect((await page("winter")).flags).toEqual([{ key: "discount", name: "Winter sale" }]);
  expect((await page("nothing like it")).flags).toEqual([]);
});

test("with PostgreSQL gone it says the same, and of a kill that waits who made it and why", async () => {
  const before = (await kill(pager, { flags: ["search"] })).body;
  // A busy PostgreSQL may have it only a moment after it was answered.
  await waitFor("the record", async () => {
    const { status } = await ada.call("GET /api/v1/kills/{kill}", { params: { kill: before.id } });
    return status === 200;
  });
  await cable.pull();
  await waitFor("the node to notice", async () => !(await ada.ok("GET /api/v1/kill-page")).databaseUp);
  expect(await ada.ok("GET /api/v1/kill-page")).toMatchObject({
    account: { name: "Ada" },
    databaseUp: false,
    projects: [
      {
        key: "shop",
        name: "Shop",
        role: "owner",
        environments: [
          { key: "development", name: "Development", color: "green", protected: false },
          { key: "production", name: "Production", color: "red", protected: true },
        ],
      },
    ],
  });
  const meanwhile = (await kill(ada, { owner: "team-price", reason: "wrong prices" })).body;
  const { kills, flags } = await page("sale");
  expect(flags).toEqual([{ key: "discount", name: "Winter sale" }]);
  expect(kills).toMatchObject([
    {
      id: meanwhile.id,
      reason: "wrong prices",
      by: { kind: "user", name: "Ada" },
      elements: [{ environment: "development", flag: "discount" }],
    },
    { id: before.id, reason: null, by: null, elements: [{ environment: "development", flag: "search" }] },
  ]);

  await cable.restore();
  await waitFor("the database", async () => (await ada.ok("GET /api/v1/kill-page")).databaseUp);
  for (const { id } of [before, meanwhile])
    await waitFor("the lift", () =>
      lift(id).then(
        () => true,
        () => false,
      ),
    );
  expect((await page()).kills).toEqual([]);
});
