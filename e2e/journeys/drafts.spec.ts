import { expect, type Page, test } from "@playwright/test";
import { type Api, setUp } from "../support/api.ts";
import { type Node, startNode } from "../support/node.ts";
import { expectClean, failOnComplaints, signInOnPage } from "../support/page.ts";

const SEGMENT = "/api/v1/projects/web/segments/beta";
const FLAG = "/api/v1/projects/web/flags/new-checkout";

let node: Node;
let api: Api;

test.beforeAll(async () => {
  node = await startNode({});
  api = await setUp(node);
  await api.call("POST", "/api/v1/projects/web/segments", {
    key: "beta",
    name: "Beta",
    content: { unit: "targetingKey", included: [], excluded: [] },
  });
  await api.call("POST", "/api/v1/projects/web/flags", { key: "new-checkout", name: "New checkout" });
});

test.afterAll(() => node?.stop());

test("edits stay while somebody else saves, and go on top of theirs", async ({ page }) => {
  failOnComplaints(page);
  await signInOnPage(page, node.url);

  await page.goto(`${node.url}/projects/web/segments/beta`);
  await describeAs(page, "Mine");
  await api.call("PATCH", SEGMENT, { name: "Theirs", content: content("u-1") });
  await putMineOnTop(page, "Theirs");
  await page.getByRole("button", { name: "Save segment" }).click();
  await expect
    .poll(() => api.call("GET", SEGMENT))
    .toMatchObject({ name: "Theirs", description: "Mine", content: content("u-1") });

  await page.goto(`${node.url}/projects/web/flags/new-checkout?tab=settings`);
  await describeAs(page, "Mine");
  await api.call("PATCH", FLAG, { name: "Theirs" });
  await putMineOnTop(page, "Theirs");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect.poll(() => api.call("GET", FLAG)).toMatchObject({ name: "Theirs", description: "Mine" });
});

test("edits that are not saved are there after a reload, and gone once they are discarded", async ({
  page,
}) => {
  failOnComplaints(page);
  await signInOnPage(page, node.url);
  for (const path of ["segments/beta", "flags/new-checkout?tab=settings"]) {
    await page.goto(`${node.url}/projects/web/${path}`);
    await describeAs(page, "Not saved yet");
    await expect(page.getByRole("button", { name: "Discard" })).toBeEnabled();
    await page.reload();
    const description = page.getByRole("textbox", { name: "Description" });
    await expect(description).toHaveValue("Not saved yet");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect(description).not.toHaveValue("Not saved yet");
    await page.reload();
    await expect(description).toBeVisible();
    await expect(description).not.toHaveValue("Not saved yet");
  }
});

const content = (unit: string) => ({ unit: "targetingKey", included: [unit], excluded: [] });

async function describeAs(page: Page, description: string): Promise<void> {
  await page.getByRole("textbox", { name: "Description" }).fill(description);
}

async function putMineOnTop(page: Page, theirs: string): Promise<void> {
  await expect(page.getByRole("alert")).toContainText("Someone saved this in the meantime");
  await expectClean(page, "a newer save is told");
  await page.getByRole("alert").getByRole("button", { name: "Show both sides" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("region", { name: "Theirs" })).toContainText(theirs);
  await expect(page.getByRole("textbox", { name: "Description", includeHidden: true })).toHaveValue("Mine");
  await dialog.getByRole("button", { name: "Put mine on top" }).click();
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue(theirs);
}
