import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/**
 * What OpenFeature's specification, v0.9.0, asks of a provider: sections 2, 5 and 6. 6.1.3 is left out, since merging
 * contexts is its SDKs' own business.
 */
const OF_EVERY_PROVIDER = [
  ["2.1.1", "2.2.1", "2.2.2", "2.2.3", "2.2.4", "2.2.5", "2.2.6", "2.2.7", "2.2.9", "2.2.10"],
  ["2.3.1", "2.3.2", "2.4.1", "2.4.2.1", "2.4.3", "2.4.4", "2.5.1", "2.5.2", "2.5.3"],
  ["2.7.1", "2.8.1", "2.8.2", "2.8.3"],
  ["5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.5", "6.1.1", "6.1.2", "6.1.4"],
].flat();
/** Of one that decides for a single context, which may change. */
const OF_WEB_PROVIDERS = ["2.6.1", "2.8.4"];

it.each([
  ["sdk-node", OF_EVERY_PROVIDER],
  ["sdk-browser", [...OF_EVERY_PROVIDER, ...OF_WEB_PROVIDERS]],
])("every requirement of a provider is named by a test of %s", (sdk, requirements) => {
  const tests = readFileSync(new URL(`../../../${sdk}/src/openfeature.test.ts`, import.meta.url), "utf8");
  const names = [...tests.matchAll(/^ *it\("([\d., ]+) /gm)].map(([, numbers = ""]) => numbers.split(", "));
  const named = new Set(names.flat());
  expect(requirements.filter((number) => !named.has(number))).toEqual([]);
});
