import { expect, test } from "@playwright/test";
import { type Api, setUp } from "../support/api.ts";
import { type Node, startNode } from "../support/node.ts";
import { failOnComplaints, signInOnPage } from "../support/page.ts";

const FLAG = "/api/v1/projects/web/flags/new-checkout";

let node: Node;
let api: Api;

test.beforeAll(async () => {
  node = await startNode({});
  api = await setUp(node);
  await api.call("POST", "/api/v1/projects/web/flags", { key: "new-checkout", name: "New checkout" });
  await api.call("PATCH", `${FLAG}/environments/production`, { on: true, message: "it is time" });
});

test.afterAll(() => node?.stop());

test("what is felt in a protected environment is given a reason, in a flag's settings too", async ({
  page,
}) => {
  failOnComplaints(page);
  await signInOnPage(page, node.url);
  await page.goto(`${node.url}/projects/web/flags/new-checkout?tab=settings`);
  const reason = page.getByRole("textbox", { name: "Reason" });

  await page.getByRole("combobox", { name: "Audience" }).click();
  await page.getByRole("option", { name: "client" }).click();
  await reason.fill("pages need it");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect.poll(() => api.call("GET", FLAG)).toMatchObject({ audience: "client" });

  await page.getByRole("button", { name: "Archive…" }).click();
  await page.getByRole("textbox", { name: "Type new-checkout to confirm" }).fill("new-checkout");
  await reason.fill("nobody asks it");
  await page.getByRole("button", { name: "Archive flag" }).click();
  await expect(page.getByRole("button", { name: "Bring it back" })).toBeVisible();
  const { items } = await api.call<{ items: unknown[] }>("GET", "/api/v1/projects/web/changes");
  expect(items.slice(0, 2)).toMatchObject([{ message: "nobody asks it" }, { message: "pages need it" }]);
});
