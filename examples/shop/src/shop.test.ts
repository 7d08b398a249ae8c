import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, createTestClient } from "@lanyard/sdk-node";
import { afterEach, describe, expect, it } from "vitest";
import { createShop } from "./app.ts";
import { readConfig } from "./config.ts";
import { parseDecisions, Tally } from "./tally.ts";

let server: Server;

async function open(lanyard: Client): Promise<string> {
  server = createServer(createShop(lanyard));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

const cookie = (plan: string, cart = "rope") => ({
  headers: { cookie: `user=u-1; plan=${plan}; cart=${cart}` },
});

describe("the shop", () => {
  it("shows what its flags decide, at once when they change", async () => {
    const lanyard = createTestClient({
      flags: { "new-checkout": false, recommendations: true, "plan-banner": "none" },
    });
    const url = await open(lanyard);
    const read = async () => (await fetch(`${url}/cart`, cookie("pro"))).text();
    const before = await read();
    expect(before).toContain("Continue to address");
    expect(before).toContain("Others also took");
    expect(before).not.toContain("free shipping");
    lanyard.set("new-checkout", true);
    lanyard.set("recommendations", false);
    lanyard.set("plan-banner", "pro");
    const after = await read();
    expect(after).toContain("Express checkout");
    expect(after).not.toContain("Others also took");
    expect(after).toContain("free shipping");
  });

  it("says which flag is missing and how to make it", async () => {
    const url = await open(createTestClient({ flags: { recommendations: true } }));
    const page = await (await fetch(url)).text();
    expect(page).toContain("There is no flag <code>new-checkout</code>");
    expect(page).toContain("There is no flag <code>plan-banner</code>");
    expect(page).not.toContain("There is no flag <code>recommendations</code>");
  });

  it("tells traffic what it decided, and escapes what visitors claim to be", async () => {
    const url = await open(createTestClient({ flags: { "plan-banner": "enterprise" } }));
    const response = await fetch(url, { headers: { cookie: "user=<script>x; plan=nonsense" } });
    expect(parseDecisions(response.headers.get("shop-decisions") ?? "").get("plan-banner")).toEqual({
      value: "enterprise",
      reason: "fallthrough",
    });
    const page = await response.text();
    expect(page).toContain("&lt;script&gt;x");
    expect(page).not.toContain("<script>");
  });

  it("sells", async () => {
    const url = await open(createTestClient());
    const added = await fetch(`${url}/cart/lamp`, { ...cookie("free"), method: "POST", redirect: "manual" });
    expect(added.status).toBe(303);
    expect(added.headers.get("set-cookie")).toContain("cart=rope.lamp");
    expect(await (await fetch(`${url}/cart`, cookie("free", "rope.lamp"))).text()).toContain("€ 123.50");
    const bought = await fetch(`${url}/checkout`, { ...cookie("free"), method: "POST", redirect: "manual" });
    expect(bought.headers.get("location")).toBe("/thanks");
  });
});

describe("the configuration", () => {
  it("has defaults, and words for what is wrong", () => {
    expect(readConfig({ LANYARD_KEY: "k" })).toEqual({
      lanyardUrl: "http://localhost:4242",
      lanyardKey: "k",
      port: 3000,
    });
    expect(() => readConfig({})).toThrow("LANYARD_KEY is missing");
    expect(() => readConfig({ LANYARD_KEY: "k", PORT: "http" })).toThrow("PORT is not a port");
  });
});

describe("the tally", () => {
  const answer = (value: string, reason = "fallthrough") => new Map([["checkout", { value, reason }]]);

  it("counts each user once, by the newest answer, and notes when a kill lands and ends", () => {
    const tally = new Tally();
    const at = new Date("2026-11-22T03:00:00.123Z");
    for (let n = 0; n < 100; n++) tally.record(`u-${n}`, answer(n < 25 ? "true" : "false"), at);
    expect(tally.lines()[0]).toMatch(/false 75\.0 % \(75\) {2}true 25\.0 % \(25\)$/);
    for (let n = 0; n < 50; n++) tally.record(`u-${n}`, answer("false", "killed"), at);
    expect(tally.lines()[0]).toMatch(/false 100\.0 % \(100\) {2}KILLED$/);
    tally.record("u-1", answer("true"), at);
    expect(tally.events.map(({ text }) => text)).toEqual([
      "checkout was KILLED: seen at request 101",
      "checkout was lifted: seen at request 151",
    ]);
  });
});
