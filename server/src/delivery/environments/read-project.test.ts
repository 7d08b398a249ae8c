import { afterAll, expect, test } from "vitest";
import { projects } from "../../database/schema/index.ts";
import { type Caller, setUp, testServer } from "../../testing/index.ts";
import { shopOf } from "../../testing/shop.ts";
import { type ReadProject, readProject } from "./read-project.ts";

const server = await testServer();
const { database } = server.services;
afterAll(() => server.close());

const inOrder = ({ project, upTo }: ReadProject) => ({
  upTo,
  ...project,
  flags: [...project.flags].sort((a, b) => (a.key < b.key ? -1 : 1)),
});

const shop = { project: "shop" };

const CHANGES: Record<string, (ada: Caller) => Promise<unknown>> = {
  "a flag comes": (ada) => shopOf(ada).flag("banner", { tags: ["top"], owner: "team-a" }),
  "a flag's targeting is changed": (ada) => shopOf(ada).turn("search", true),
  "a flag is renamed": (ada) =>
    ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}", {
      params: { ...shop, flag: "search" },
      body: { name: "Search", tags: ["slow"], message: "renamed" },
    }),
  "a key is made": (ada) => shopOf(ada).key("server"),
  "an environment comes": (ada) =>
    ada.ok("POST /api/v1/projects/{project}/environments", {
      params: shop,
      body: { key: "staging", name: "Staging", color: "blue" },
    }),
  "a flag goes": async (ada) => {
    const params = { ...shop, flag: "old" };
    await ada.ok("POST /api/v1/projects/{project}/flags/{flag}/archive", { params, body: {} });
    await ada.ok("DELETE /api/v1/projects/{project}/flags/{flag}", { params });
  },
};

test("a project that is read by its record is what it is when read anew", async () => {
  const ada = await setUp(server);
  const [{ id } = { id: "" }] = await database.read.select({ id: projects.id }).from(projects);
  for (const key of ["search", "old"]) await shopOf(ada).flag(key);
  let known = await readProject(database, id, undefined);
  for (const [name, change] of Object.entries(CHANGES)) {
    await change(ada);
    known = await readProject(database, id, known);
    expect(inOrder(known), name).toEqual(inOrder(await readProject(database, id, undefined)));
  }
  await shopOf(ada).turn("search", false);
  const after = await readProject(database, id, known);
  expect(after.project).toBe(known.project);
  expect(after.upTo).not.toEqual(known.upTo);
});
