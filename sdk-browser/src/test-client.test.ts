import { afterAll, describe, expect, it } from "vitest";
import { createTestClient } from "./test-client.ts";
import { openPage, type ReportingPage } from "./testing/chromium.ts";

describe("a client for tests", () => {
  it("answers what it was given, to everybody and by type", () => {
    const client = createTestClient({
      flags: { checkout: true, banner: "pro", limit: 3, theme: { dark: true } },
    });
    expect(client.boolean("checkout", false)).toBe(true);
    expect(client.string("banner", { targetingKey: "u" }, "")).toBe("pro");
    expect(client.number("limit", 0)).toBe(3);
    expect(client.json("theme", {})).toEqual({ dark: true });
    expect(client.details("checkout", false)).toMatchObject({ value: true, variation: "set", revision: 1 });
    expect(client.boolean("missing", true)).toBe(true);
    expect(client.string("checkout", "default")).toBe("default");
  });

  it("takes no flag for an option", () => {
    expect(() => createTestClient({ checkout: true } as object)).toThrow("`checkout` is no option");
  });

  it("leaves an object of the test's to the test", () => {
    const theme = { dark: true };
    const client = createTestClient({ flags: { theme } });
    expect(client.json("theme", {})).toEqual({ dark: true });
    theme.dark = false;
    expect(client.json("theme", {})).toEqual({ dark: true });
    client.set("theme", theme);
    expect(client.json("theme", {})).toEqual({ dark: false });
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
    expect(client.boolean("checkout", true)).toBe(false);
    client.unset("checkout");
    expect(client.boolean("checkout", true)).toBe(true);
    expect(changes).toEqual([["checkout"], ["banner"], ["checkout"], ["checkout"]]);
    expect(revisions).toEqual([2, 3, 4, 5, 6]);
    expect((await client.ready()).state).toBe("bootstrapped");
    await client.close();
    expect(client.status().state).toBe("closed");
  });

  it("decides for whom it is told", () => {
    const seen: unknown[] = [];
    const hooks = [{ after: (_key: string, context: object) => void seen.push(context) }];
    const client = createTestClient({ context: { plan: "pro" }, hooks });
    client.boolean("checkout", false);
    client.identify({ targetingKey: "ada" });
    client.boolean("checkout", false);
    client.boolean("checkout", { targetingKey: "bob" }, false);
    expect(seen).toEqual([
      { targetingKey: "anonymous", plan: "pro" },
      { targetingKey: "ada" },
      { targetingKey: "bob" },
    ]);
    expect(client.context).toEqual({ targetingKey: "ada" });
  });
});

describe("in Chromium", () => {
  const APP = `
    import { createElement } from "react";
    import { createRoot } from "react-dom/client";
    import { LanyardProvider, useFlag, useStatus } from "./react.ts";
    import { createTestClient } from "./test-client.ts";
    function Page() {
      const shown = [useFlag("checkout", false), useFlag("banner", "none"), useStatus().revision];
      return createElement("p", null, shown.join(" "));
    }
    const root = document.getElementById("root");
    const client = createTestClient({ flags: { checkout: false, banner: "hello" } });
    const pathsFetched = () => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
    const steps = {
      "false hello 1": () => client.set("checkout", true),
      "true hello 2": () => client.unset("banner"),
      "true none 3": async () => {
        client.identify({ plan: "pro" });
        await client.close();
        const { held, pending } = await navigator.locks.query();
        report({ locks: [...held, ...pending], stored: Object.keys(localStorage), fetched: pathsFetched() });
      },
    };
    new MutationObserver(() => steps[root.textContent]?.()).observe(root, {
      childList: true, characterData: true, subtree: true,
    });
    createRoot(root).render(createElement(LanyardProvider, { client }, createElement(Page)));
  `;
  type Report = { locks: unknown[]; stored: string[]; fetched: string[] };
  let page: ReportingPage<Report>;

  afterAll(() => page?.close());

  it("a page renders again at each set and unset, and nothing is kept, shared or sent", async () => {
    page = await openPage({ app: APP, body: '<div id="root"></div>', define: {}, connect: "" });
    expect(await page.next()).toEqual({ locks: [], stored: [], fetched: ["/app.js"] });
  });
});
