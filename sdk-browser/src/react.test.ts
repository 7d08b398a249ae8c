import { createElement, type ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booleanFlag, ProtocolPeer, rulesetOf, valueFlag } from "../../sdk-core/src/testing/index.ts";
import { createClient } from "./index.ts";
import { LanyardProvider, useFlag, useFlags, useStatus } from "./react.ts";
import { openPage, type ReportingPage } from "./testing/chromium.ts";

const rules = () =>
  rulesetOf({
    checkout: booleanFlag(),
    banner: valueFlag("string", "hello", "none"),
    theme: valueFlag("json", { dark: true }),
  });
const context = { targetingKey: "ada" };

function render(child: () => ReactNode): string {
  const client = createClient({ bootstrap: rules(), context });
  return renderToString(createElement(LanyardProvider, { client }, createElement(child)));
}

describe("on a server", () => {
  it("hooks read from the bootstrap", () => {
    const html = render(() => {
      const { banner, theme } = useFlags({ banner: "", theme: { dark: false } });
      return createElement("p", null, [useFlag("checkout", false), banner, theme.dark].join(" "));
    });
    expect(html).toBe("<p>true hello true</p>");
  });

  it("hooks give the default where there is no such flag, and say where they may be used", () => {
    expect(render(() => `${useFlag("missing", "x")} ${useStatus().state}`)).toBe("x bootstrapped");
    expect(() => renderToString(createElement(() => useStatus().state))).toThrow("LanyardProvider");
  });

  it("hooks give the very default, of which JSON would make something else", () => {
    const since = new (class Since {
      readonly year = 2020;
      toString = () => `since ${this.year}`;
    })();
    expect(render(() => `${useFlag("limit", Infinity)} ${useFlag("missing", since)}`)).toBe(
      "Infinity since 2020",
    );
  });
});

describe("in Chromium", () => {
  const APP = `
    import { createElement } from "react";
    import { hydrateRoot } from "react-dom/client";
    import { createClient } from "./index.ts";
    import { LanyardProvider, useFlag, useFlags, useStatus } from "./react.ts";
    function Page() {
      const checkout = useFlag("checkout", false);
      const { banner, theme } = useFlags({ banner: "", theme: { dark: false } });
      const { state } = useStatus();
      return createElement("p", null, [checkout, banner, theme.dark, state].join(" "));
    }
    const root = document.getElementById("root");
    const shown = () => root.textContent;
    const before = shown();
    const errors = [];
    const context = { targetingKey: "ada" };
    const rendered = createClient({ bootstrap: RULES, context });
    const client = createClient({ url: PEER, key: "k", bootstrap: RULES, context });
    const tree = createElement(LanyardProvider, { client, rendered }, createElement(Page));
    hydrateRoot(root, tree, { onRecoverableError: (error) => errors.push(String(error)) });
    new MutationObserver(() => report({ shown: shown(), before, errors })).observe(root, {
      childList: true, characterData: true, subtree: true,
    });
  `;
  type Report = { shown: string; before: string; errors: string[] };
  let peer: ProtocolPeer;
  let page: ReportingPage<Report>;

  beforeAll(async () => {
    peer = await ProtocolPeer.start();
    peer.ruleset = { ...rules() };
  });

  afterAll(async () => {
    page?.close();
    await peer.stop();
  });

  it("a page hydrates without a difference, then follows the server", async () => {
    page = await openPage({
      app: APP,
      body: '<div id="root"><p>true hello true bootstrapped</p></div>',
      define: { PEER: peer.url, RULES: peer.ruleset },
      connect: peer.url,
    });
    const live = await page.next(({ shown }) => shown.endsWith("live"));
    expect(live).toMatchObject({
      before: "true hello true bootstrapped",
      shown: "true hello true live",
      errors: [],
    });
    const changed = page.next(({ shown }) => shown.startsWith("false"));
    peer.change({ checkout: booleanFlag({ on: false }) });
    expect((await changed).shown).toBe("false hello true live");
    expect(page.reports.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
