import type { Condition, Flag, Segment } from "../model.ts";
import { eachCondition } from "../validate/references.ts";
import type { Fact, Facts, Registry } from "./facts.ts";

/** Where the private facts of a flag are found. */
export interface Grounds {
  facts: Facts;
  registry: Registry;
  segment(key: string): Segment;
}

/** Every private fact that a flag asks, itself and through its segments, each once. */
export function factsOf(key: string, flag: Flag, { facts, registry, segment }: Grounds): Fact[] {
  const found = new Set<Fact>();
  const seen = new Set<string>();
  const list = (unit: string, values: string[], path: string) => {
    if (values.length > 0) found.add(facts.ofList(unit, values, path));
  };
  const visit = (root: Condition, at: string): void =>
    eachCondition(root, at, (condition, path) => {
      if ("attribute" in condition && !registry.publicAttributes.has(condition.attribute))
        found.add(facts.ofTest(condition, path));
      if (!("segment" in condition) || seen.has(condition.segment)) return;
      seen.add(condition.segment);
      const { unit, included, excluded, when } = segment(condition.segment);
      list(unit, excluded, `/segments/${condition.segment}/excluded`);
      list(unit, included, `/segments/${condition.segment}/included`);
      if (when !== undefined) visit(when, `/segments/${condition.segment}/when`);
    });
  flag.targets.forEach(({ unit, values }, i) => {
    list(unit, values, `/flags/${key}/targets/${i}`);
  });
  flag.rules.forEach(({ when }, i) => {
    visit(when, `/flags/${key}/rules/${i}/when`);
  });
  return [...found];
}
