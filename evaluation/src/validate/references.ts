import type { Condition, Flag, Segment, Serve } from "../model.ts";

/** One way in which a definition reads an attribute. */
export interface AttributeUse {
  attribute: string;
  /** Tested by a condition, looked up in a membership list, or hashed. */
  as: "test" | "list" | "split";
}

/** What a definition refers to itself, each once; what its segments refer to in turn is asked of them. */
export interface References {
  segments: string[];
  flags: string[];
  attributes: AttributeUse[];
  operators: string[];
  algorithms: string[];
}

/** What a flag or a segment refers to. */
export function references(definition: Flag | Segment): References {
  const found = new Collector();
  if ("variations" in definition) found.flag(definition);
  else found.segment(definition);
  return found.result();
}

/** Visits a condition and everything inside it, with its JSON pointer and how deep it lies, from 1. */
export function eachCondition(
  condition: Condition,
  path: string,
  visit: (condition: Condition, path: string, depth: number) => void,
): void {
  const pending: [Condition, string, number][] = [[condition, path, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [at, pointer, depth] = next;
    visit(at, pointer, depth);
    const inner = insideOf(at).map(([part, where]): [Condition, string, number] => [
      part,
      `${pointer}/${where}`,
      depth + 1,
    ]);
    pending.push(...inner.reverse());
  }
}

function insideOf(condition: Condition): [Condition, string][] {
  if ("all" in condition) return condition.all.map((part, i) => [part, `all/${i}`]);
  if ("any" in condition) return condition.any.map((part, i) => [part, `any/${i}`]);
  if ("not" in condition) return [[condition.not, "not"]];
  return [];
}

class Collector {
  readonly #segments = new Set<string>();
  readonly #flags = new Set<string>();
  readonly #operators = new Set<string>();
  readonly #algorithms = new Set<string>();
  readonly #attributes = new Map<string, AttributeUse>();

  flag(flag: Flag): void {
    for (const { flag: key } of flag.prerequisites) this.#flags.add(key);
    for (const { unit } of flag.targets) this.#attribute(unit, "list");
    for (const { when, serve } of flag.rules) {
      this.#condition(when);
      this.#serve(serve);
    }
    this.#serve(flag.fallthrough);
  }

  segment({ unit, included, excluded, when }: Segment): void {
    if (included.length + excluded.length > 0) this.#attribute(unit, "list");
    if (when !== undefined) this.#condition(when);
  }

  result(): References {
    return {
      segments: [...this.#segments],
      flags: [...this.#flags],
      attributes: [...this.#attributes.values()],
      operators: [...this.#operators],
      algorithms: [...this.#algorithms],
    };
  }

  #serve(serve: Serve): void {
    if ("split" in serve) this.#split(serve.split);
  }

  #split({ unit, algorithm }: { unit: string; algorithm?: string }): void {
    this.#attribute(unit, "split");
    if (algorithm !== undefined) this.#algorithms.add(algorithm);
  }

  #condition(root: Condition): void {
    eachCondition(root, "", (condition) => {
      if ("segment" in condition) this.#segments.add(condition.segment);
      if ("bucket" in condition) this.#split(condition.bucket);
      if ("attribute" in condition) {
        this.#attribute(condition.attribute, "test");
        this.#operators.add(condition.operator);
      }
    });
  }

  #attribute(attribute: string, as: AttributeUse["as"]): void {
    this.#attributes.set(`${as} ${attribute}`, { attribute, as });
  }
}
