import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { init, type LDClient } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";
import { FlagdCore } from "@openfeature/flagd-core";
import { afterAll, expect, test } from "vitest";
import { createEvaluator, type Split } from "../index.ts";
import { flagOf, rulesetOf } from "../testing/index.ts";
import { algorithms } from "./index.ts";
import { sha1 } from "./sha1.ts";
import { utf8 } from "./utf8.ts";

const UNITS = Array.from({ length: 3000 }, (_, i) => `user-${i}-${(i * 7919) % 1013}`);
const VARIATIONS = ["a", "b", "c"];
const WEIGHTS = [17_000, 50_000, 33_000];

function variationOf(
  algorithm: string,
  seed: string,
  weights = WEIGHTS,
): (unit: string) => string | undefined {
  const split: Split = {
    unit: "targetingKey",
    seed,
    algorithm,
    weights: weights.map((weight, i) => ({ variation: VARIATIONS[i] as string, weight })),
  };
  const flag = flagOf({
    type: "string",
    variations: VARIATIONS.map((id) => ({ id, value: id })),
    off: "a",
    fallthrough: { split },
  });
  const evaluator = createEvaluator(rulesetOf({ flag }), { algorithms });
  return (targetingKey) => evaluator.evaluate("flag", { targetingKey }).variation;
}

const unleashHash = createRequire(import.meta.url)("unleash-client/lib/strategy/util.js") as {
  normalizedStrategyValue(id: string, group: string): number;
  normalizedVariantValue(id: string, group: string, total: number): number;
};

test("a rollout from Unleash keeps its units", () => {
  for (const percent of [0, 1, 17, 50, 99, 100]) {
    const variation = variationOf("unleash", "my-group", [percent * 1000, 100_000 - percent * 1000, 0]);
    for (const unit of UNITS) {
      const enabled = unleashHash.normalizedStrategyValue(unit, "my-group") <= percent;
      expect(variation(unit)).toBe(enabled ? "a" : "b");
    }
  }
});

test("variants from Unleash keep their units", () => {
  const variation = variationOf("unleash-variant", "my-group");
  for (const unit of UNITS) {
    const drawn = unleashHash.normalizedVariantValue(unit, "my-group", 1000);
    expect(variation(unit)).toBe(drawn <= 170 ? "a" : drawn <= 670 ? "b" : "c");
  }
});

let launchdarkly: LDClient | undefined;
afterAll(() => launchdarkly?.close());

test("a rollout from LaunchDarkly keeps its units", async () => {
  const data = new TestData();
  const variations = WEIGHTS.map((weight, variation) => ({ variation, weight }));
  await data.usePreconfiguredFlag({
    key: "my-flag",
    version: 1,
    on: true,
    salt: "s4lt",
    variations: VARIATIONS,
    fallthrough: { rollout: { variations } },
  });
  const logger = { error() {}, warn() {}, info() {}, debug() {} };
  const client = init("sdk-key", { updateProcessor: data.getFactory(), sendEvents: false, logger });
  launchdarkly = client;
  await client.waitForInitialization({ timeout: 5 });
  const variation = variationOf("launchdarkly", "my-flag.s4lt");
  for (const unit of [...UNITS.slice(0, 1000), "héllo", "日本", "😀"]) {
    expect(variation(unit)).toBe(await client.variation("my-flag", { kind: "user", key: unit }, "none"));
  }
});

test("a fractional rollout from flagd keeps its units", () => {
  const core = new FlagdCore();
  const fractional = WEIGHTS.map((weight, i) => [VARIATIONS[i], weight / 1000]);
  core.setConfigurations(
    JSON.stringify({
      flags: {
        "my-flag": {
          state: "ENABLED",
          variants: { a: "a", b: "b", c: "c" },
          defaultVariant: "a",
          targeting: { fractional },
        },
      },
    }),
  );
  const variation = variationOf("flagd", "my-flag");
  // Beyond ASCII its JavaScript hashes UTF-16; its other implementations, like this one, hash UTF-8.
  for (const unit of UNITS) {
    const { value } = core.resolveStringEvaluation("my-flag", "none", { targetingKey: unit }, console);
    expect(variation(unit)).toBe(value);
  }
});

test("SHA-1 over UTF-8 agrees with the platform's", () => {
  for (let length = 0; length < 200; length++) {
    const text = "aé日😀".repeat(50).slice(0, length);
    const ours = sha1(text).map((word) => word.toString(16).padStart(8, "0"));
    expect(utf8(text)).toEqual([...new TextEncoder().encode(text)]);
    expect(ours.join("")).toBe(createHash("sha1").update(text).digest("hex"));
  }
});
