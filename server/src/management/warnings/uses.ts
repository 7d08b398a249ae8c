import type { Condition, Flag, Segment, Serve } from "@lanyard/evaluation";
import { eachCondition } from "@lanyard/evaluation/validate";
import type { Kind } from "./releases.ts";

/** One thing that an evaluator has to know to decide a definition, and where it is written. */
export interface Use {
  kind: Kind;
  name: string;
  /** Of an operator: what it tests. */
  attribute?: string;
  path: string;
}

/**
 * All that an evaluator has to know to decide a flag or a segment; what lies in a segment is told where the segment is named. Paths
 * begin with `path`, where the definition stands.
 */
export function usesOf(
  definition: Flag | Segment,
  segments: Readonly<Record<string, Segment>>,
  path: string,
): Use[] {
  const found = new Uses(segments);
  return "variations" in definition ? found.ofFlag(definition, path) : found.ofSegment(definition, path);
}

class Uses {
  readonly #segments: Readonly<Record<string, Segment>>;
  readonly #inside = new Map<string, Use[]>();

  constructor(segments: Readonly<Record<string, Segment>>) {
    this.#segments = segments;
  }

  ofFlag({ rules, fallthrough }: Flag, path: string): Use[] {
    return [
      ...rules.flatMap(({ when, serve }, i) => [
        ...this.#ofCondition(when, `${path}/rules/${i}/when`),
        ...ofServe(serve, `${path}/rules/${i}/serve`),
      ]),
      ...ofServe(fallthrough, `${path}/fallthrough`),
    ];
  }

  ofSegment({ when }: Segment, path: string): Use[] {
    return when ? this.#ofCondition(when, `${path}/when`) : [];
  }

  #ofCondition(root: Condition, path: string): Use[] {
    const found: Use[] = [];
    eachCondition(root, path, (condition, at) => {
      if ("attribute" in condition) {
        const { operator, attribute } = condition;
        found.push({ kind: "operator", name: operator, attribute, path: `${at}/operator` });
        return;
      }
      const [name] = Object.keys(condition) as [string];
      found.push({ kind: "condition", name, path: at });
      if ("bucket" in condition) found.push(...ofAlgorithm(condition.bucket, `${at}/bucket`));
      if ("segment" in condition)
        found.push(...this.#inSegment(condition.segment).map((use) => ({ ...use, path: at })));
    });
    return found;
  }

  /** Each once: many conditions may name the segment. */
  #inSegment(key: string): Use[] {
    const known = this.#inside.get(key);
    if (known) return known;
    const segment = this.#segments[key];
    const uses = segment ? this.ofSegment(segment, "") : [];
    const once = new Map(uses.map((use) => [`${use.kind} ${use.name} ${use.attribute}`, use]));
    this.#inside.set(key, [...once.values()]);
    return [...once.values()];
  }
}

function ofServe(serve: Serve, path: string): Use[] {
  return "split" in serve ? ofAlgorithm(serve.split, `${path}/split`) : [];
}

/** Without a name it is the native one, which every evaluator has. */
function ofAlgorithm({ algorithm }: { algorithm?: string }, path: string): Use[] {
  return algorithm === undefined ? [] : [{ kind: "algorithm", name: algorithm, path: `${path}/algorithm` }];
}
