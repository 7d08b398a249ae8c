import type { Environment } from "@lanyard/contract";
import { expect, test } from "vitest";
import { placesOf } from "./killed.ts";

const environments = ["development", "staging", "production"].map(
  (key) => ({ id: `env_${key}`, key }) as Environment,
);
const places = (environment: string | null, after: unknown) =>
  placesOf({ environment, after } as Parameters<typeof placesOf>[0], environments).map(({ key }) => key);

test("a change is where it says, and one of several environments where its kills and lifts are", () => {
  const killed = { elements: [{ flag: "a", environmentId: "env_production" }] };
  const lifted = { lifted: [...environments].reverse().map(({ key }) => ({ flag: "a", environment: key })) };
  expect(places("staging", killed)).toEqual(["staging"]);
  expect(places(null, killed)).toEqual(["production"]);
  expect(places(null, lifted)).toEqual(["development", "staging", "production"]);
  expect(places(null, { name: "New" })).toEqual([]);
  expect(places(null, null)).toEqual([]);
});
