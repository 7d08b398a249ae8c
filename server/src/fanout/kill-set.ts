import type { KillElement } from "@lanyard/evaluation";
import type { Lift, LiftElement } from "./announcement.ts";
import { isOnce, killId, parseKillId } from "./kill-id.ts";

/**
 * An environment's kills. What is said of them only grows: of each flag under a root the newest kill and the newest
 * lift, so merging in any order, any number of times, gives the same result. A flag is held down while its newest kill
 * is newer than its newest lift.
 */
export interface KillSet {
  readonly standings: Map<string, Standing>;
  /** Moves whenever what is active changes, be it only the time. */
  version: number;
}

/** Times in epoch milliseconds; 0 is never. */
interface Standing {
  readonly root: string;
  readonly flag: string;
  readonly killedAt: number;
  /** Of its ids the newest that was heard of. */
  readonly after: number;
  readonly liftedAt: number;
}

/** Elements as messages, files and the database carry them. */
export interface Elements {
  killed: KillElement[];
  lifted: Lift[];
}

/** What a merge means for those who hold only what is active: first add, then remove. */
export interface Merged {
  killed: KillElement[];
  /** Also what was never active here but is named in the merge: its kill may have been elsewhere. */
  lifted: LiftElement[];
}

export function emptyKillSet(): KillSet {
  return { standings: new Map(), version: 0 };
}

export function mergeKills(set: KillSet, { killed = [], lifted = [] }: Partial<Elements>): Merged {
  const touched = new Map<string, { was: Standing; ids: Set<string> }>();
  const raise = ({ id, flag }: LiftElement, raised: (from: Standing) => Partial<Standing>) => {
    const { root, after } = parseKillId(id);
    const identity = identityOf(root, flag);
    const from = set.standings.get(identity) ?? { root, flag, killedAt: 0, after: 0, liftedAt: 0 };
    const { was, ids } = touched.get(identity) ?? { was: from, ids: new Set() };
    touched.set(identity, { was, ids: ids.add(id) });
    set.standings.set(identity, { ...from, after: Math.max(from.after, after), ...raised(from) });
  };
  for (const { at, ...element } of killed)
    raise(element, ({ killedAt }) => ({ killedAt: Math.max(killedAt, Date.parse(at)) }));
  for (const { at, ...element } of lifted)
    raise(element, ({ liftedAt }) => ({ liftedAt: Math.max(liftedAt, Date.parse(at)) }));
  const merged: Merged = { killed: [], lifted: [] };
  let moved = false;
  for (const [identity, { was, ids }] of touched) {
    const is = set.standings.get(identity) ?? was;
    const [before, now] = [activeIn(was), activeIn(is)];
    if (now && now.id !== before?.id) merged.killed.push(now);
    // What was over before was said before.
    const isNews = (id: string) => parseKillId(id).after >= Math.max(was.after, was.liftedAt);
    const named = is.liftedAt > was.liftedAt ? [...ids].filter(isNews) : [];
    const over = new Set([...(before ? [before.id] : []), ...named]);
    over.delete(now?.id ?? "");
    for (const id of over) merged.lifted.push({ id, flag: is.flag });
    moved ||= before?.id !== now?.id || before?.at !== now?.at;
  }
  if (moved) set.version += 1;
  return merged;
}

/**
 * The element in force. A lift ends an id for ever, so what was killed later under an id that proves to have been
 * lifted goes on under the id that comes after that lift.
 */
function activeIn({ root, flag, killedAt, after, liftedAt }: Standing): KillElement | undefined {
  if (killedAt <= liftedAt || (isOnce(root) && liftedAt > 0)) return undefined;
  return {
    id: killId({ root, after: Math.max(after, liftedAt) }),
    flag,
    at: new Date(killedAt).toISOString(),
  };
}

/** In an order that does not depend on the order of arrival. */
export function activeKills(set: KillSet): KillElement[] {
  return [...set.standings.values()]
    .flatMap((standing) => activeIn(standing) ?? [])
    .sort((a, b) => (identityOf(a.id, a.flag) < identityOf(b.id, b.flag) ? -1 : 1));
}

/** Whether any kill holds the flag down. */
export function isKilled(set: KillSet, flag: string): boolean {
  for (const standing of set.standings.values())
    if (standing.flag === flag && activeIn(standing)) return true;
  return false;
}

/** The flags of which the set was told anything under that root. */
export function flagsUnder(set: KillSet, root: string): string[] {
  return [...set.standings.values()].flatMap((standing) => (standing.root === root ? [standing.flag] : []));
}

/** What holds the flag down under that id or a later one of its root. */
export function inForce(set: KillSet, { id, flag }: LiftElement): KillElement | undefined {
  const standing = set.standings.get(identityOf(parseKillId(id).root, flag));
  return standing && activeIn(standing);
}

/** When a kill of that root was last lifted from the flag, in epoch milliseconds; 0 when never. */
export function lastLifted(set: KillSet, { id, flag }: LiftElement): number {
  return set.standings.get(identityOf(parseKillId(id).root, flag))?.liftedAt ?? 0;
}

/** Whether the element is over: lifted, or gone on under a later id. */
export function isOver(set: KillSet, { id, flag }: LiftElement): boolean {
  const { root, after } = parseKillId(id);
  return after < generationOf(set, root, flag);
}

/** When a lift happens, for all purposes: later than what it ends, though the clock of who killed may be ahead. */
export function timeOfLift(nowMs: number, endedMs: number[]): string {
  return new Date(Math.max(nowMs, ...endedMs.map((killedAt) => killedAt + 1))).toISOString();
}

/** Which of a root's kills of the flag the next one would be: the newest lift it comes after; 0 for the first. */
export function generationOf(set: KillSet, root: string, flag: string): number {
  const { after = 0, liftedAt = 0 } = set.standings.get(identityOf(root, flag)) ?? {};
  return Math.max(after, liftedAt);
}

/** Which elements of the kills with these ids are over: lifted, or gone on under a later id. */
export function liftedOf(set: KillSet, ids: ReadonlySet<string>): LiftElement[] {
  const held = new Map<string, string[]>();
  for (const id of ids) {
    const { root } = parseKillId(id);
    held.set(root, [...(held.get(root) ?? []), id]);
  }
  return [...set.standings.values()].flatMap(({ root, flag, after, liftedAt }) =>
    (held.get(root) ?? [])
      .filter((id) => parseKillId(id).after < Math.max(after, liftedAt))
      .map((id) => ({ id, flag })),
  );
}

/** Flags that the kill with this id holds down, or held down before, as far as the set was told. */
export function coverageOf(set: KillSet, id: string): string[] {
  return flagsUnder(set, parseKillId(id).root).filter(
    (flag) => inForce(set, { id, flag })?.id === id || isOver(set, { id, flag }),
  );
}

/** Those of these ids of which the set was never told anything, under any id of their root. */
export function unheardOf(set: KillSet, ids: Iterable<string>): string[] {
  const heard = new Set([...set.standings.values()].map(({ root }) => root));
  return [...ids].filter((id) => !heard.has(parseKillId(id).root));
}

/** All that the set has been told, as far as it still matters. */
export function elementsOf(set: KillSet): Elements {
  const all = [...set.standings.values()];
  return { killed: all.flatMap(killedElement), lifted: all.flatMap(liftedElement) };
}

/** What the set was told and `other` was not. */
export function missingFrom(other: Elements, set: KillSet): Elements {
  const theirs = emptyKillSet();
  mergeKills(theirs, other);
  const all = [...set.standings].map(([identity, ours]) => ({ ours, known: theirs.standings.get(identity) }));
  const isLater = (ours: number, known: number | undefined) => ours > (known ?? 0);
  return {
    killed: all.flatMap(({ ours, known }) =>
      isLater(ours.killedAt, known?.killedAt) || isLater(ours.after, known?.after) ? killedElement(ours) : [],
    ),
    lifted: all.flatMap(({ ours, known }) =>
      isLater(ours.liftedAt, known?.liftedAt) ? liftedElement(ours) : [],
    ),
  };
}

function killedElement({ root, flag, killedAt, after }: Standing): KillElement[] {
  return killedAt === 0 ? [] : [{ id: killId({ root, after }), flag, at: new Date(killedAt).toISOString() }];
}

function liftedElement({ root, flag, after, liftedAt }: Standing): Lift[] {
  // An id that comes after this lift is not the one that it ended.
  const id = killId({ root, after: after < liftedAt ? after : 0 });
  return liftedAt === 0 ? [] : [{ id, flag, at: new Date(liftedAt).toISOString() }];
}

function identityOf(id: string, flag: string): string {
  return `${id}\n${flag}`;
}
