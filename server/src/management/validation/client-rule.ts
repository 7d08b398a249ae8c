import type { Flag, Segment, Serve } from "@lanyard/evaluation";
import { eachCondition, references } from "@lanyard/evaluation/validate";
import type { Surroundings } from "./surroundings.ts";

export interface Fault {
  path: string;
  message: string;
}

/**
 * What keeps a flag from browsers. Whatever it asks that is private is decided before it leaves; what is left must be
 * decidable there: by other flags for browsers, and by the algorithm that every SDK has.
 */
export function clientFaults(flag: Flag, { flags, segments }: Surroundings): Fault[] {
  if (flag.audience !== "client") return [];
  const faults: Fault[] = [];
  const algorithm = (name: string | undefined, path: string) => {
    if (name !== undefined)
      faults.push({
        path: `${path}/algorithm`,
        message: `The algorithm "${name}" does not run in browsers; move the split first.`,
      });
  };
  const split = (serve: Serve, path: string) => {
    if ("split" in serve) algorithm(serve.split.algorithm, `${path}/split`);
  };
  flag.prerequisites.forEach(({ flag: key }, i) => {
    if (flags[key]?.audience === "server")
      faults.push({
        path: `/prerequisites/${i}/flag`,
        message: `"${key}" is not for browsers, so no flag for browsers can need it.`,
      });
  });
  flag.rules.forEach(({ when, serve }, i) => {
    eachCondition(when, `/rules/${i}/when`, (condition, path) => {
      if ("bucket" in condition) algorithm(condition.bucket.algorithm, `${path}/bucket`);
      if (!("segment" in condition)) return;
      const foreign = foreignAlgorithm(condition.segment, segments);
      if (foreign !== undefined)
        faults.push({
          path: `${path}/segment`,
          message: `The segment "${condition.segment}" uses the algorithm "${foreign}", which does not run in browsers.`,
        });
    });
    split(serve, `/rules/${i}/serve`);
  });
  split(flag.fallthrough, "/fallthrough");
  return faults;
}

/** The first algorithm, other than the one that every SDK has, that a segment asks, itself or through others. */
function foreignAlgorithm(start: string, segments: Record<string, Segment>): string | undefined {
  const seen = new Set([start]);
  for (const key of seen) {
    const segment = segments[key];
    if (!segment) continue;
    const used = references(segment);
    if (used.algorithms[0] !== undefined) return used.algorithms[0];
    for (const inner of used.segments) seen.add(inner);
  }
  return undefined;
}
