import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { type Api, setUp } from "../support/api.ts";
import { type Node, startNode } from "../support/node.ts";
import { expectClean, failOnComplaints, signInOnPage } from "../support/page.ts";

const PROJECT = "/api/v1/projects/web";
const DEVELOPMENT = `${PROJECT}/flags/new-checkout/environments/development`;
const byPattern = { attribute: "email", operator: "matches", values: ["^a"] };

let node: Node;
let api: Api;
let key: string;

test.beforeAll(async () => {
  node = await startNode({});
  api = await setUp(node);
  const made = { kind: "server", name: "old app", environment: "development", expiresAt: null };
  key = (await api.call<{ secret: string }>("POST", `${PROJECT}/keys`, made)).secret;
  await register("public");
  await api.call("POST", `${PROJECT}/segments`, {
    key: "early",
    name: "Early",
    content: { unit: "targetingKey", included: [], excluded: [], when: byPattern },
  });
  await api.call("POST", `${PROJECT}/flags`, {
    key: "new-checkout",
    name: "New checkout",
    audience: "client",
  });
  const rules = [{ id: "r1", when: { segment: "early" }, serve: { variation: "on" } }];
  await api.call("PATCH", DEVELOPMENT, { rules });
});

test.afterAll(() => node?.stop());

const register = (visibility: string) =>
  api.call("PUT", `${PROJECT}/attributes/email`, { type: "string", visibility });

// Light is where colours are palest, and a phone where room is least.
test.use({ colorScheme: "light", viewport: { width: 390, height: 844 } });

test("whoever saves is told who may not understand it", async ({ page }) => {
  failOnComplaints(page);
  await signInOnPage(page, node.url);

  await page.goto(`${node.url}/projects/web/flags/new-checkout?env=development`);
  await page.getByRole("switch").press("Space");
  await page.getByRole("button", { name: "Review and save" }).click();
  await beOld();
  await page.getByRole("button", { name: "Save to Development" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const told = page.getByRole("main").getByRole("alert");
  await expect(told).toContainText('Pages have to register the operator "matches"');
  await expect(told).toContainText(/in 1 of 1 instances .*in development/);
  await expectClean(page, "saved targeting");
  await told.getByRole("button", { name: "Put the warning away" }).click();
  await expect(told).toBeHidden();

  await page.goto(`${node.url}/projects/web/segments/early`);
  await page.getByRole("textbox", { name: "Unit" }).fill("company");
  await page.getByRole("button", { name: "Save segment" }).click();
  await expect(told).toContainText('the off variation of "new-checkout"');
  await expectClean(page, "saved segment");

  await page.goto(`${node.url}/projects/web/flags/new-checkout?env=development&tab=history`);
  await page
    .getByRole("button", { name: /Restore/ })
    .last()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog.getByRole("alert")).toContainText('Pages have to register the operator "matches"');
});

test("making public what flags for browsers test is told in its form", async ({ page }) => {
  await register("private");
  await signInOnPage(page, node.url);
  await page.goto(`${node.url}/projects/web/attributes`);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "public", exact: true }).check();
  await dialog.getByRole("button", { name: "Save attribute" }).click();
  await expect(dialog.getByRole("alert")).toContainText('the off variation of "new-checkout"');
  await dialog.getByRole("button", { name: "Put the warning away" }).click();
  await expect(dialog).toBeHidden();
});

const OLD_INSTANCE = randomUUID();

/** An instance says a word, with an SDK from before the first release. */
async function beOld(): Promise<void> {
  const say = () =>
    fetch(`${node.url}/sdk/v1/receipts`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "lanyard-instance": OLD_INSTANCE,
        "lanyard-sdk": "node/0.0.9",
      },
      body: JSON.stringify({ epoch: 1, revision: 1, kills: [] }),
    });
  // A busy node takes none.
  await expect.poll(async () => (await say()).status).toBe(202);
}
