import type { KillElement } from "@lanyard/evaluation";
import type { LiftElement } from "../../fanout/index.ts";

/**
 * An environment's kills: two sets that only grow. An element is active while it is killed and not lifted, so merging
 * in any order, any number of times, gives the same result.
 */
export interface KillSet {
  readonly killed: Map<string, KillElement>;
  readonly lifted: Map<string, LiftElement>;
  /** Moves whenever what is active changes. */
  version: number;
}

export function emptyKillSet(): KillSet {
  return { killed: new Map(), lifted: new Map(), version: 0 };
}

/** Returns the elements that are active now and were not before. */
export function mergeKilled(set: KillSet, elements: Iterable<KillElement>): KillElement[] {
  const fresh: KillElement[] = [];
  for (const element of elements) {
    const identity = identityOf(element);
    if (set.killed.has(identity)) continue;
    set.killed.set(identity, element);
    if (!set.lifted.has(identity)) fresh.push(element);
  }
  if (fresh.length > 0) set.version += 1;
  return fresh;
}

/** Returns the elements that had not been lifted before, killed or not: their kill may arrive later. */
export function mergeLifted(set: KillSet, elements: Iterable<LiftElement>): LiftElement[] {
  const fresh: LiftElement[] = [];
  for (const { id, flag } of elements) {
    const identity = identityOf({ id, flag });
    if (set.lifted.has(identity)) continue;
    set.lifted.set(identity, { id, flag });
    fresh.push({ id, flag });
  }
  if (fresh.length > 0) set.version += 1;
  return fresh;
}

/** In an order that does not depend on the order of arrival. */
export function activeKills(set: KillSet): KillElement[] {
  return [...set.killed]
    .filter(([identity]) => !set.lifted.has(identity))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, element]) => element);
}

export function isLifted(set: KillSet, element: LiftElement): boolean {
  return set.lifted.has(identityOf(element));
}

/** Whether any kill holds the flag down. */
export function isKilled(set: KillSet, flag: string): boolean {
  for (const [identity, element] of set.killed)
    if (element.flag === flag && !set.lifted.has(identity)) return true;
  return false;
}

/** Lifted elements of the kills with these ids. */
export function liftedOf(set: KillSet, ids: ReadonlySet<string>): LiftElement[] {
  return [...set.lifted.values()].filter(({ id }) => ids.has(id));
}

/** What the set holds and `other` does not. */
export function missingFrom(
  other: { killed: KillElement[]; lifted: LiftElement[] },
  { killed, lifted }: KillSet,
): { killed: KillElement[]; lifted: LiftElement[] } {
  const has = (elements: LiftElement[]) => new Set(elements.map(identityOf));
  const [theirKilled, theirLifted] = [has(other.killed), has(other.lifted)];
  return {
    killed: [...killed].filter(([identity]) => !theirKilled.has(identity)).map(([, element]) => element),
    lifted: [...lifted].filter(([identity]) => !theirLifted.has(identity)).map(([, element]) => element),
  };
}

function identityOf({ id, flag }: LiftElement): string {
  return `${id}\n${flag}`;
}
