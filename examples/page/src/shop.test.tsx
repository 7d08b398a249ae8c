import type { Ruleset } from "@lanyard/sdk-browser";
import { createClient } from "@lanyard/sdk-browser";
import { LanyardProvider } from "@lanyard/sdk-browser/react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { Shop } from "./shop.tsx";

type Flag = Ruleset["flags"][string];

const flag = (type: Flag["type"], value: string | boolean): Flag => ({
  type,
  hash: String(value),
  on: true,
  seed: "seed",
  variations: [{ id: "set", value }],
  off: "set",
  audience: "client",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variation: "set" },
});

const rulesetOf = (flags: Record<string, Flag>): Ruleset => ({
  format: 1,
  environmentId: "env_1",
  epoch: 1,
  revision: 7,
  flags,
  segments: {},
  kills: [],
});

function rendered(flags: Record<string, Flag>): string {
  const client = createClient({ bootstrap: rulesetOf(flags) });
  return renderToString(
    <LanyardProvider client={client}>
      <Shop identify={client.identify} />
    </LanyardProvider>,
  );
}

test("shows what the flags decide, on a server too", () => {
  const html = rendered({
    "new-checkout": flag("boolean", true),
    recommendations: flag("boolean", false),
    "plan-banner": flag("string", "pro"),
  });
  expect(html).toContain("Express checkout");
  expect(html).toContain("free shipping");
  expect(html).not.toContain("Others also took");
});

test("is the shop it always was while there are no flags", () => {
  const html = rendered({});
  expect(html).toContain("Continue to address");
  expect(html).toContain("Others also took");
  expect(html).not.toContain("free shipping");
});
