import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Api, apiWith, setUp } from "../support/api.ts";
import { query } from "../support/database.ts";
import { freePort, type Node, nodeEnvironment, startNode } from "../support/node.ts";
import { failOnComplaints, hold, signInOnPage } from "../support/page.ts";
import { type SdkProcess, startSdkProcess } from "../support/sdk-process.ts";
import { ownServices, type Services } from "../support/services.ts";

const FLAG = "new-checkout";
/** A node's data folder is at most two seconds behind. */
const COPIED_AFTER_MS = 2_500;
const LOOKS = [
  { colorScheme: "light", width: 1440, height: 900 },
  { colorScheme: "dark", width: 360, height: 740 },
] as const;

let services: Services;
let front: Node;
/** Is stopped before anybody signs in, and started again when PostgreSQL is gone. */
let other: Node;
let otherEnvironment: Record<string, string>;
let folder: string;
let api: Api;
let key: string;
let sdk: SdkProcess;

test.beforeAll(async () => {
  services = await ownServices();
  folder = await mkdtemp(join(tmpdir(), "lanyard-kill-page-"));
  const environment = nodeEnvironment(services.postgres.url);
  otherEnvironment = { ...environment, PORT: String(await freePort()), DATA_DIR: folder };
  front = await startNode(environment);
  api = await setUp(front);
  await api.call("POST", "/api/v1/projects/web/flags", {
    key: FLAG,
    name: "New checkout",
    owner: "team-shop",
  });
  await api.call("PATCH", `/api/v1/projects/web/flags/${FLAG}/environments/production`, {
    on: true,
    fallthrough: { variation: "on" },
    message: "on for everybody",
  });
  const made = await api.call<{ secret: string }>("POST", "/api/v1/projects/web/keys", {
    kind: "server",
    name: "application",
    environment: "production",
  });
  key = made.secret;
  other = await startNode(otherEnvironment);
});

test.afterAll(async () => {
  await sdk?.stop();
  await Promise.all([front?.stop("SIGKILL"), other?.stop("SIGKILL")]);
  await services?.end();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A browser, two nodes and a database that comes back: a busy machine takes its time. */
test.setTimeout(600_000);

test("with PostgreSQL stopped a page opened anew at a restarted node kills, lifts, and says what works", async ({
  page,
}, testInfo) => {
  failOnComplaints(page);
  await sleep(COPIED_AFTER_MS);
  await other.stop();
  await signInOnPage(page, front.url);
  await services.postgres.kill();
  other = await startNode(otherEnvironment, "listening");
  sdk = await startSdkProcess(other.url, key);
  expect((await sdk.evaluate(FLAG, ["anybody"])).on).toEqual(["anybody"]);

  await page.goto(`${other.url}/projects/web/kill`);
  await expect(page.getByRole("status")).toContainText("The database does not answer");
  await killByOwner(page);
  await sdk.seen(({ event }) => event === "kill");
  expect(await sdk.evaluate(FLAG, ["anybody"])).toEqual({ on: [], reasons: { killed: 1 } });
  await expect(page.getByRole("region", { name: "Active kills" })).toContainText("payments fail");

  for (const { colorScheme, ...viewport } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.reload();
    const kills = page.getByRole("region", { name: "Active kills" });
    await expect(kills).toContainText("payments fail");
    await expectClean(page);
    const name = `kill-page-${colorScheme}-${viewport.width}`;
    await page.screenshot({ path: testInfo.outputPath(`${name}.png`), fullPage: true });
  }

  await breakGlass(page);
  await expect.poll(async () => (await sdk.evaluate(FLAG, ["anybody"])).on).toEqual(["anybody"]);
  await expect(page.getByRole("region", { name: "Active kills" })).toContainText("Nothing is killed");

  await meetSomebodyElsesLift(page);

  await page.goto(`${other.url}/`);
  await page.waitForURL(/\/projects\/web\/flags/);
  await page.getByRole("link", { name: "Kill page" }).click();
  await expect(page.getByRole("heading", { name: "Kill", exact: true })).toBeVisible();

  await services.postgres.start();
  await expect(page.getByText("The database does not answer")).toBeHidden({ timeout: 60_000 });
  await expect(page.getByRole("region", { name: "Lifted kills" })).toContainText("payments fail", {
    timeout: 60_000,
  });
  const twice = (action: string) => [action, action];
  await expect
    .poll(recorded, { timeout: 60_000 })
    .toEqual([...twice("kill.accepted"), ...twice("kill.lifted-as-break-glass")]);
});

async function killByOwner(page: Page) {
  await page.getByText("Owner", { exact: true }).click();
  await page.getByRole("combobox", { name: "Owner" }).click();
  await page.getByRole("option", { name: "team-shop" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("payments fail");
  await hold(page.getByRole("button", { name: "Hold to kill all that team-shop owns in Production" }));
  await expect(page.getByRole("heading", { name: "Killed", exact: true })).toBeVisible();
}

async function breakGlass(page: Page) {
  await page.getByRole("button", { name: "Lift…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Why it is safe now" }).fill("the fix is out");
  await dialog.getByRole("button", { name: "Lift as break-glass" }).click();
  await expect(dialog).toBeHidden();
}

/** Another owner is faster: the dialog says so, and offers nothing that is over. */
async function meetSomebodyElsesLift(page: Page) {
  const elsewhere = apiWith(other, api.cookie);
  const where = { project: "web", environments: ["production"], reason: "payments fail again" };
  const { id } = await elsewhere.call<{ id: string }>("POST", "/api/v1/kills", { ...where, flags: [FLAG] });
  const kills = page.getByRole("region", { name: "Active kills" });
  await expect(kills).toContainText("payments fail again");
  await page.getByRole("button", { name: "Lift…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Why it is safe now" }).fill("the fix is out");
  await elsewhere.call("POST", `/api/v1/kills/${id}/break-glass-lift`, where);
  await dialog.getByRole("button", { name: "Lift as break-glass" }).click();
  await expect(dialog).toContainText("was lifted already");
  await expect(dialog.getByRole("button", { name: /^Lift/ })).toBeHidden();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(kills).toContainText("Nothing is killed");
}

async function expectClean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "the page scrolls sideways").toBeLessThanOrEqual(0);
}

async function recorded(): Promise<string[]> {
  const rows = await query<{ action: string }>(
    services.postgres.url,
    "SELECT action FROM changes WHERE action LIKE 'kill.%' ORDER BY action",
  );
  return rows.map(({ action }) => action);
}
