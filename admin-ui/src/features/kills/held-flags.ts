import type { Environment } from "@lanyard/contract";
import type { ActiveKill } from "./queries.ts";

interface Held {
  environments: [Environment, ...Environment[]];
  /** What is held down in each of them. */
  flags: string[];
}

/** What a kill holds down; environments with the same flags are said together. */
export function heldBy(elements: ActiveKill["elements"], environments: Environment[]): Held[] {
  const held: Held[] = [];
  for (const environment of environments) {
    const flags = elements.filter((one) => one.environment === environment.key).map(({ flag }) => flag);
    if (flags.length === 0) continue;
    const same = held.find((one) => sameFlags(one.flags, flags));
    if (same) same.environments.push(environment);
    else held.push({ environments: [environment], flags });
  }
  return held;
}

function sameFlags(some: string[], others: string[]): boolean {
  const known = new Set(some);
  return known.size === others.length && others.every((flag) => known.has(flag));
}
