import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";
import { OWNER } from "./api.ts";

/** Fails the test on anything that the page's Content-Security-Policy or its code complains of. */
export function failOnComplaints(page: Page): void {
  page.on("console", (message) => {
    if (message.type() === "error" && /content security policy/i.test(message.text()))
      throw new Error(`the policy was violated: ${message.text()}`);
  });
  page.on("pageerror", (error) => {
    throw error;
  });
}

export async function signInOnPage(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByRole("textbox", { name: "Password" }).fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/projects\/web\/flags/);
}

/** Presses a button that asks to be held, for as long as it takes to be believed. */
export async function hold(button: Locator): Promise<void> {
  await expect(button).toBeEnabled();
  await button.hover();
  await button.page().mouse.down();
  await expect(button).toBeHidden();
  await button.page().mouse.up();
}

/** Fails on what a screen reader or a narrow screen would stumble over; `path` says where it was. */
export async function expectClean(page: Page, path: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
  expect(found, path).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
}
