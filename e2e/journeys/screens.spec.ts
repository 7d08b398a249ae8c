import { once } from "node:events";
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { expect, test } from "@playwright/test";
import { type Api, setUp } from "../support/api.ts";
import { type Node, startNode } from "../support/node.ts";
import { expectClean, failOnComplaints, signInOnPage } from "../support/page.ts";

/** Pages of the project `web`, each with what shows that it is ready. */
const PAGES: Record<string, string> = {
  flags: "new-checkout",
  "flags/new-checkout?env=development": "Everyone else",
  "flags/payments-of-the-shops-in-the-western-region": "Everyone else",
  "flags/new-checkout?env=development&tab=instances": "No drill yet",
  "flags/new-checkout?env=development&tab=history": "Turns the flag on",
  "flags/new-checkout?env=development&tab=settings": "Variations",
  segments: "beta",
  activity: "new-checkout",
  environments: "Production",
  keys: "shop",
  attributes: "plan",
  members: "bo@example.com",
  kill: "Held by one instance, not on record",
};

const LOOKS = [
  { colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { colorScheme: "dark", viewport: { width: 360, height: 740 } },
] as const;

let node: Node;
let api: Api;
let unrecorded: ClientRequest;

test.beforeAll(async () => {
  node = await startNode({});
  api = await setUp(node);
  await seed();
});

test.afterAll(() => {
  unrecorded?.destroy();
  return node?.stop();
});

for (const look of LOOKS) {
  test.describe(`${look.colorScheme}, ${look.viewport.width} px`, () => {
    test.use(look);

    test("every page is accessible, fits its screen and keeps to the policy", async ({ page }) => {
      failOnComplaints(page);
      await page.goto(node.url);
      await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
      await expectClean(page, "sign-in");
      await signInOnPage(page, node.url);
      for (const [path, ready] of Object.entries(PAGES)) {
        await page.goto(`${node.url}/projects/web/${path}`);
        await expect(page.getByRole("main").getByText(ready).first(), path).toBeVisible();
        await expectClean(page, path);
      }
      // Last in the list is the kill page; a dialog that is still fading in has no colours to measure.
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.getByRole("button", { name: "Lift…" }).first().click();
      await expect(page.getByRole("dialog").getByText("targeting again in")).toBeVisible();
      await expectClean(page, "the dialog that lifts");
    });
  });
}

test("beside a page whose code does not load the kill page opens, and the page loads when asked again", async ({
  page,
}) => {
  await signInOnPage(page, node.url);
  const code = /assets\/project-screens/;
  await page.route(code, (route) => route.abort());
  const killPage = page.waitForResponse(/assets\/kill-screen/);
  await page.goto(`${node.url}/projects/web/keys`);
  await killPage;
  await expect(page.getByRole("main").getByText("This did not load")).toBeVisible();
  await page.getByRole("link", { name: /^Kill/ }).first().click();
  await expect(page.getByRole("heading", { name: "Kill", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Keys" }).first().click();
  await expect(page.getByRole("main").getByText("This did not load")).toBeVisible();
  await page.unroute(code);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("main").getByText("shop")).toBeVisible();
});

test("an open invitation is taken back", async ({ page }) => {
  await signInOnPage(page, node.url);
  await page.goto(`${node.url}/projects/web/members`);
  await page.getByRole("button", { name: "Take back the invitation of bo@example.com" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByRole("heading", { name: "Open invitations" })).toBeHidden();
  expect(await api.call("GET", "/api/v1/projects/web/members")).toMatchObject({ invitations: [] });
});

test("a kill says that it has grown and when it ends; what is over says where it was and how it ended", async ({
  page,
}) => {
  const tagged = { project: "web", environments: ["development"], tag: "grown" };
  const kill = (more: object) =>
    api.call<{ id: string }>("POST", "/api/v1/kills", { ...tagged, reason: "latency", ...more });
  await api.call("POST", "/api/v1/projects/web/flags", { key: "early", name: "Early", tags: ["grown"] });
  const { id } = await kill({ expiresAt: inHours(3) });
  await api.call("POST", "/api/v1/projects/web/flags", { key: "late", name: "Late", tags: ["grown"] });
  expect((await kill({ expiresAt: inHours(3) })).id).toBe(id);

  await signInOnPage(page, node.url);
  // Until the page listens for keys.
  await expect(async () => {
    await page.keyboard.press("k");
    await expect(page.getByRole("main")).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("radio", { name: "Flags" })).toBeFocused();
  const card = page.getByRole("region", { name: "Active kills" }).getByRole("listitem");
  const mine = card.filter({ hasText: "latency" });
  await expect(mine).toContainText("asked again as it grew");
  await expect(mine).toContainText(/ends by itself in 2 h \d+ min/);

  await mine.getByRole("button", { name: "Lift…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Lift", exact: true }).click();
  const past = page.getByRole("region", { name: "Lifted kills" }).getByRole("listitem");
  await expect(past.filter({ hasText: "latency" })).toContainText(/Development\s*early, late.*lifted by Ana/);
});

test("a flag of many rules opens with an editor for the first ones, and for others as they come near", async ({
  page,
}) => {
  const rules = Array.from({ length: 200 }, (_, index) => ({
    id: `rule-${index + 1}`,
    when: { attribute: "plan", operator: "in", values: [`plan-${index + 1}`] },
    serve: { variation: "on" },
  }));
  await api.call("POST", "/api/v1/projects/web/flags", { key: "many-rules", name: "Many rules" });
  await api.call("PATCH", "/api/v1/projects/web/flags/many-rules/environments/development", { rules });
  await signInOnPage(page, node.url);
  await page.goto(`${node.url}/projects/web/flags/many-rules?env=development`);
  const last = page.getByRole("region", { name: "Rule 200" });
  await expect(last).toHaveText(/if plan is “plan-200”, serve on/);
  await expect(page.getByRole("region", { name: "Rule 1", exact: true }).getByLabel("Operator")).toHaveValue(
    "is",
  );
  await last.scrollIntoViewIfNeeded();
  await last.getByRole("button", { name: "Move rule 200 up" }).click();
  await expect(page.getByRole("region", { name: "Rule 199" })).toContainText("plan-200");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
});

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** An instance that holds what no record has: it heard of a kill from a node that was lost. */
async function holdUnrecordedKill(key: string): Promise<ClientRequest> {
  const request = get(`${node.url}/sdk/v1/stream?kills=kill_of_a_lost_node`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
  return request;
}

async function seed(): Promise<void> {
  const project = "/api/v1/projects/web";
  await api.call("PUT", `${project}/attributes/plan`, { type: "string" });
  await api.call("POST", `${project}/segments`, {
    key: "beta",
    name: "Beta testers",
    content: { unit: "targetingKey", included: ["u-1"], excluded: [] },
  });
  await api.call("POST", `${project}/flags`, {
    key: "new-checkout",
    name: "New checkout",
    tags: ["checkout"],
  });
  await api.call("PATCH", `${project}/flags/new-checkout/environments/development`, {
    on: true,
    rules: [
      {
        id: "r1",
        when: { all: [{ segment: "beta" }, { attribute: "plan", operator: "in", values: ["pro"] }] },
        serve: { variation: "on" },
      },
    ],
    fallthrough: {
      split: {
        unit: "targetingKey",
        weights: [
          { variation: "on", weight: 25_000 },
          { variation: "off", weight: 75_000 },
        ],
      },
    },
  });
  // The first one says by whom it is required.
  await api.call("POST", `${project}/flags`, { key: "express", name: "Express checkout" });
  await api.call("PATCH", `${project}/flags/express/environments/development`, {
    prerequisites: [{ flag: "new-checkout", variations: ["on"] }],
  });
  const long = "of-the-shops-in-the-western-region";
  await api.call("POST", `${project}/flags`, {
    key: `payments-${long}`,
    name: "Payments that are taken in the shops of the western region and of all who follow it",
    tags: [`payments-${long}`, `refunds-${long}`, "checkout"],
    owner: `team-${long}@example.com`,
  });
  await api.call("POST", `${project}/invitations`, { email: "bo@example.com", role: "viewer" });
  const key = await api.call<{ secret: string }>("POST", `${project}/keys`, {
    kind: "server",
    name: "shop",
    environment: "development",
  });
  unrecorded = await holdUnrecordedKill(key.secret);
  await api.call("POST", "/api/v1/kills", {
    project: "web",
    environments: ["production"],
    flags: ["new-checkout"],
    reason: "errors",
  });
}
