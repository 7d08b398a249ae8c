import { describe, expect, it } from "vitest";
import { createTestClient } from "./index.ts";

describe("a client for tests", () => {
  it("answers what it was given, to everybody and by type", () => {
    const client = createTestClient({
      flags: { checkout: true, banner: "pro", limit: 3, theme: { dark: true } },
    });
    expect(client.boolean("checkout", {}, false)).toBe(true);
    expect(client.string("banner", { targetingKey: "u" }, "")).toBe("pro");
    expect(client.number("limit", {}, 0)).toBe(3);
    expect(client.json("theme", {}, {})).toEqual({ dark: true });
    expect(client.boolean("missing", {}, true)).toBe(true);
    expect(client.string("checkout", {}, "default")).toBe("default");
  });

  it("takes no flag for an option", () => {
    expect(() => createTestClient({ checkout: true } as object)).toThrow("`checkout` is no option");
  });

  it("leaves an object of the test's to the test", () => {
    const theme = { dark: true };
    const client = createTestClient({ flags: { theme } });
    expect(client.json("theme", {}, {})).toEqual({ dark: true });
    theme.dark = false;
    expect(client.json("theme", {}, {})).toEqual({ dark: true });
    client.set("theme", theme);
    expect(client.json("theme", {}, {})).toEqual({ dark: false });
  });

  it("answers what the test sets, tells that it changed, and forgets on demand", async () => {
    const client = createTestClient();
    const changes: string[][] = [];
    const revisions: number[] = [];
    client.on("change", ({ keys }) => changes.push(keys));
    client.on("status", ({ revision }) => revisions.push(revision));
    client.set("checkout", true);
    client.set("banner", "pro");
    client.set("banner", "pro");
    client.set("checkout", false);
    expect(client.boolean("checkout", {}, true)).toBe(false);
    client.unset("checkout");
    expect(client.boolean("checkout", {}, true)).toBe(true);
    expect(changes).toEqual([["checkout"], ["banner"], ["checkout"], ["checkout"]]);
    expect(revisions).toEqual([2, 3, 4, 5, 6]);
    expect((await client.ready()).state).toBe("bootstrapped");
    await client.close();
  });
});
