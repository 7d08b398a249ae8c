import { bucket } from "../hash.ts";
import type {
  AttributeTest,
  Condition,
  Context,
  Decision,
  Flag,
  Reason,
  Ruleset,
  Serve,
  Split,
} from "../model.ts";
import { builtin } from "../operators/builtin.ts";

/** Which layer of a browser's context each kind of question looks at. */
export interface Layers {
  test(attribute: string): Context;
  list: Context;
  split: Context;
}

/** One context for everything: what a server key sees. */
export function oneLayer(context: Context): Layers {
  return { test: () => context, list: context, split: context };
}

/**
 * The decision in the plainest way: it walks the definitions, compiles nothing, shares nothing. Slow and for tests, which
 * hold the evaluator and the specialiser against it.
 */
export function decideByReference(ruleset: Ruleset, key: string, layers: Layers): Decision {
  return new Reference(ruleset, layers).decide(key, []);
}

/** Throws unless two decisions are the same; cheaper than a matcher, of which a property would need very many. */
export function assertSame(actual: Decision, expected: Decision): void {
  const [a, b] = [actual, expected].map(({ value, variation, reason, ruleId, split, prerequisite }) =>
    JSON.stringify([value === undefined, value, variation, reason, ruleId, split, prerequisite]),
  );
  if (a !== b) throw new Error(`decided ${a} instead of ${b}`);
}

class Reference {
  readonly #ruleset: Ruleset;
  readonly #layers: Layers;

  constructor(ruleset: Ruleset, layers: Layers) {
    this.#ruleset = ruleset;
    this.#layers = layers;
  }

  decide(key: string, path: string[]): Decision {
    const flag = this.#ruleset.flags[key];
    if (flag === undefined) return { value: undefined, variation: undefined, reason: "flag-not-found" };
    if (this.#ruleset.kills.some((kill) => kill.flag === key)) return answer(flag, flag.off, "killed");
    if (!flag.on) return answer(flag, flag.off, "off");
    for (const { flag: other, variations } of flag.prerequisites) {
      const met = !path.includes(other) && this.#meets(other, variations, [...path, key]);
      if (!met) return { ...answer(flag, flag.off, "prerequisite-failed"), prerequisite: other };
    }
    for (const { unit, values, variation, found } of flag.targets) {
      if (found || this.#isListed(unit, values)) return answer(flag, variation, "target");
    }
    const rule = flag.rules.find(({ when }) => this.#holds(when));
    if (rule === undefined) return this.#serve(flag, flag.fallthrough, "fallthrough");
    const decision = this.#serve(flag, rule.serve, "rule");
    return decision.reason === "rule" ? { ...decision, ruleId: rule.id } : decision;
  }

  #meets(key: string, variations: string[], path: string[]): boolean {
    const { reason, variation = "" } = this.decide(key, path);
    return ["target", "rule", "fallthrough"].includes(reason) && variations.includes(variation);
  }

  #serve(flag: Flag, serve: Serve, reason: Reason): Decision {
    if ("variation" in serve) return { ...answer(flag, serve.variation, reason), split: false };
    const drawn = this.#draw(flag, serve.split);
    return drawn === undefined
      ? answer(flag, flag.off, "unit-missing")
      : { ...answer(flag, drawn, reason), split: true };
  }

  #draw(flag: Flag, { unit, seed = flag.seed, weights }: Split): string | undefined {
    const id = unitOf(this.#layers.split, unit);
    if (id === undefined) return undefined;
    let left = bucket(seed, id);
    return weights.find(({ weight }) => {
      left -= weight;
      return left < 0;
    })?.variation;
  }

  #holds(condition: Condition): boolean {
    if ("all" in condition) return condition.all.every((part) => this.#holds(part));
    if ("any" in condition) return condition.any.some((part) => this.#holds(part));
    if ("not" in condition) return !this.#holds(condition.not);
    if ("segment" in condition) return this.#isInside(condition.segment);
    if ("attribute" in condition) return this.#passes(condition);
    const id = unitOf(this.#layers.split, condition.bucket.unit);
    return id !== undefined && bucket(condition.bucket.seed, id) < condition.bucket.below;
  }

  #isInside(key: string): boolean {
    const segment = this.#ruleset.segments[key];
    if (segment === undefined || this.#isListed(segment.unit, segment.excluded)) return false;
    if (this.#isListed(segment.unit, segment.included)) return true;
    return segment.when !== undefined && this.#holds(segment.when);
  }

  #isListed(unit: string, values: string[]): boolean {
    const id = unitOf(this.#layers.list, unit);
    return id !== undefined && values.includes(id);
  }

  #passes({ attribute, operator, values = [], ignoreCase = false }: AttributeTest): boolean {
    const value = find(this.#layers.test(attribute), attribute);
    if (value === undefined) return false;
    if (operator === "exists") return true;
    const candidates = Array.isArray(value) ? value.filter((each) => each !== null) : [value];
    const tests = builtin(operator, values, ignoreCase) ?? [];
    return candidates.some((candidate) => tests.some(([test, literal]) => test(candidate, literal as never)));
  }
}

function answer(flag: Flag, variation: string, reason: Reason): Decision {
  const found = flag.variations.find(({ id }) => id === variation);
  return { value: found?.value, variation, reason };
}

function find(context: Context, attribute: string): unknown {
  const flat = Object.entries(context).find(([name]) => name === attribute)?.[1] ?? undefined;
  if (flat !== undefined) return flat;
  const found = attribute.split(".").reduce<unknown>((at, part) => {
    const holdsFields = typeof at === "object" && at !== null && !Array.isArray(at);
    return holdsFields ? Object.entries(at).find(([name]) => name === part)?.[1] : undefined;
  }, context);
  return found ?? undefined;
}

function unitOf(context: Context, attribute: string): string | undefined {
  const value = find(context, attribute);
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
