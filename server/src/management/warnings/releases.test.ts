import { loadVectors } from "@lanyard/evaluation/vectors";
import { expect, test } from "vitest";
import { extensions } from "../../extensions.ts";
import { releaseOf } from "./releases.ts";
import { usesOf } from "./uses.ts";

const DECIDED = new Set<string | undefined>(["target", "rule", "fallthrough", "unit-missing"]);
const vectors = loadVectors().flatMap((file) => (file.kind === "evaluate" ? file.vectors : []));

test("everything that an evaluator decides by came with some release", () => {
  const understood = vectors.filter(({ expect: { reason } }) => DECIDED.has(reason));
  const uses = understood.flatMap(({ key, ruleset: { flags, segments } }) =>
    flags[key] ? usesOf(flags[key], segments, "") : [],
  );
  const names = new Set(uses.map(({ kind, name }) => `${kind} ${name}`));
  const without = uses.filter(({ kind, name }) => releaseOf(kind, name) === undefined);
  expect(names.size).toBeGreaterThan(20);
  expect(without).toEqual([]);
});

test("so did everything that can be registered", () => {
  const { operators = [], algorithms = [] } = extensions;
  const known = [
    ...operators.map(({ name }) => releaseOf("operator", name)),
    ...algorithms.map(({ name }) => releaseOf("algorithm", name)),
  ];
  expect(known).not.toContain(undefined);
});
