import type { Environment } from "@lanyard/contract";
import { expect, test } from "vitest";
import { heldBy } from "./held-flags.ts";

const environments = ["development", "staging", "production"].map((key) => ({ key }) as Environment);
const held = (environment: string, ...flags: string[]) =>
  flags.map((flag) => ({ environment, flag, at: "2026-11-22T03:00:00.000Z" }));

test("environments with the same flags are said together, in the project's order", () => {
  const elements = [
    ...held("production", "search", "checkout"),
    ...held("staging", "checkout"),
    ...held("development", "checkout", "search"),
  ];
  const said = heldBy(elements, environments).map((one) => [
    one.environments.map(({ key }) => key),
    one.flags,
  ]);
  expect(said).toEqual([
    [
      ["development", "production"],
      ["checkout", "search"],
    ],
    [["staging"], ["checkout"]],
  ]);
});

test("what is held in no environment that the project has is left out", () => {
  expect(heldBy(held("gone", "checkout"), environments)).toEqual([]);
});
