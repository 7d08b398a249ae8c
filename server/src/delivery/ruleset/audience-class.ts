import { createHash } from "node:crypto";
import type { Flag } from "@lanyard/evaluation";
import { digestPart, digestText } from "@lanyard/evaluation/digest";
import { Map as PersistentMap } from "immutable";

/** What flags add to two sums: so these follow a change of one flag without a look at the others. */
export interface Shares {
  /** Of the wire protocol's digest. */
  readonly digest: number;
  /** Of a class's key. */
  readonly mark: bigint;
}

/** What is left of a flag, and the bytes that a browser gets of it. */
export interface Shown extends Shares {
  readonly content: Flag;
  readonly json: string;
}

/** What all audience classes of an environment share, from one change of what browsers see to the next. */
export interface Layout {
  /** Counts the changes. */
  readonly number: number;
  /** Flags of which everybody gets the same. */
  readonly common: PersistentMap<string, Shown>;
  /** The other flags: where in a class's own list they stand. One object as long as they are the same flags. */
  readonly personal: ReadonlyMap<string, number>;
  /** Those of `common`, summed up. */
  readonly shares: Shares;
  /** The keys that differ from the layout before. */
  readonly touched: ReadonlySet<string>;
}

/** What a class is shown of the personal flags. */
export interface Own {
  /** In the order of `layout.personal`. */
  readonly shown: readonly Shown[];
  /** Summed up. */
  readonly shares: Shares;
}

/** The users who get the same flags, byte for byte; anonymous visitors are one class. */
export interface AudienceClass {
  /** Equal for equal flags, on all nodes. */
  readonly key: string;
  readonly layout: Layout;
  readonly own: Own;
  /** On the monotonic clock. */
  usedAt: number;
}

const MARK_BITS = 128;
const MARK_BYTES = MARK_BITS / 8;

const NO_SHARES: Shares = { digest: 0, mark: 0n };

export const EMPTY_LAYOUT: Layout = {
  number: 0,
  common: PersistentMap(),
  personal: new Map(),
  shares: NO_SHARES,
  touched: new Set(),
};

export function shownFlag(key: string, content: Flag): Shown {
  const json = JSON.stringify(content);
  const hash = createHash("sha256").update(`${key}\n${json}`).digest("hex");
  return {
    content,
    json,
    digest: digestPart("flag", key, content.hash),
    mark: BigInt(`0x${hash.slice(0, MARK_BYTES * 2)}`),
  };
}

/** The sums after one of the things summed up has become another, or has come or gone. */
export function exchanged(sums: Shares, gone: Shares = NO_SHARES, come: Shares = NO_SHARES): Shares {
  return { digest: sums.digest - gone.digest + come.digest, mark: sums.mark - gone.mark + come.mark };
}

/** What a class is shown of the personal flags, looked at one by one. */
export function ownOf({ personal }: Layout, shown: (key: string) => Shown): Own {
  const all = Array.from(personal.keys(), shown);
  return { shown: all, shares: all.reduce((sums, come) => exchanged(sums, undefined, come), NO_SHARES) };
}

/** The same in the next layout, in which nothing but some flags differs. */
export function nextOwn(before: AudienceClass, layout: Layout, fresh: ReadonlyMap<string, Shown>): Own {
  const { personal } = layout;
  if (personal !== before.layout.personal)
    return ownOf(layout, (key) => fresh.get(key) ?? (shownTo(before, key) as Shown));
  const shown = [...before.own.shown];
  let { shares } = before.own;
  for (const [key, come] of fresh) {
    const at = personal.get(key) as number;
    shares = exchanged(shares, shown[at], come);
    shown[at] = come;
  }
  return { shown, shares };
}

export function makeClass(layout: Layout, own: Own, key: string): AudienceClass {
  return { key, layout, own, usedAt: performance.now() };
}

export function classKey({ shares }: Layout, own: Own): string {
  return BigInt.asUintN(MARK_BITS, shares.mark + own.shares.mark).toString(36);
}

/** The wire protocol's digest of the class. */
export function digestOf({ layout, own }: AudienceClass): string {
  return digestText(layout.shares.digest + own.shares.digest);
}

/** What the class is shown of a flag; undefined when it is not for browsers. */
export function shownTo({ layout, own }: AudienceClass, flag: string): Shown | undefined {
  const at = layout.personal.get(flag);
  return at === undefined ? layout.common.get(flag) : own.shown[at];
}

/** Every flag that the class sees, in one order on all nodes. */
export function flagsOf(seen: AudienceClass): Map<string, Shown> {
  return new Map([...keysOf(seen.layout)].sort().map((key) => [key, shownTo(seen, key) as Shown]));
}

/** What turns the flags of one class into those of another; null removes. */
export function flagsBetween(before: AudienceClass, after: AudienceClass): Map<string, { json: string }> {
  const follows = after.layout.number === before.layout.number + 1;
  const keys = follows ? after.layout.touched : new Set([...keysOf(before.layout), ...keysOf(after.layout)]);
  const changed = new Map<string, { json: string }>();
  for (const key of keys) {
    const [from, to] = [shownTo(before, key)?.json, shownTo(after, key)?.json];
    if (from !== to) changed.set(key, { json: to ?? "null" });
  }
  return changed;
}

export function sees({ common, personal }: Layout, flag: string): boolean {
  return common.has(flag) || personal.has(flag);
}

export function keysOf({ common, personal }: Layout): Set<string> {
  return new Set([...common.keys(), ...personal.keys()]);
}
