import { createHash } from "node:crypto";
import type { Flag } from "@lanyard/evaluation";
import { digestOf as wireDigestOf } from "@lanyard/evaluation/digest";

/** What is left of a flag, and the bytes that a browser gets of it. */
export interface Shown {
  readonly content: Flag;
  readonly json: string;
  /** Its share of the wire protocol's digest, which is a sum. */
  readonly digest: number;
  /** Its share of a class's key, which is one too. */
  readonly mark: bigint;
}

/** What all audience classes of an environment share, from one change of what browsers see to the next. */
export interface Layout {
  /** Counts the changes. */
  readonly number: number;
  /** Flags of which everybody gets the same. */
  readonly common: ReadonlyMap<string, Shown>;
  /** The other flags, in order: where in a class's own list they stand. */
  readonly personal: ReadonlyMap<string, number>;
  /** The sums over `common`. */
  readonly digest: number;
  readonly mark: bigint;
  /** The keys that differ from the layout before. */
  readonly touched: ReadonlySet<string>;
}

/** The users who get the same flags, byte for byte; anonymous visitors are one class. */
export interface AudienceClass {
  /** Equal for equal flags, on all nodes. */
  readonly key: string;
  readonly layout: Layout;
  /** In the order of `layout.personal`. */
  readonly own: readonly Shown[];
  /** On the monotonic clock. */
  usedAt: number;
}

const MARK_BITS = 128;
const MARK_BYTES = MARK_BITS / 8;

export const EMPTY_LAYOUT: Layout = {
  number: 0,
  common: new Map(),
  personal: new Map(),
  digest: 0,
  mark: 0n,
  touched: new Set(),
};

export function shownFlag(key: string, content: Flag): Shown {
  const json = JSON.stringify(content);
  const digest = wireDigestOf({ flags: { [key]: content }, segments: {} });
  const hash = createHash("sha256").update(`${key}\n${json}`).digest("hex");
  return {
    content,
    json,
    digest: Number.parseInt(digest, 16),
    mark: BigInt(`0x${hash.slice(0, MARK_BYTES * 2)}`),
  };
}

export function makeClass(layout: Layout, own: readonly Shown[], key: string): AudienceClass {
  return { key, layout, own, usedAt: performance.now() };
}

export function classKey(layout: Layout, own: readonly Shown[]): string {
  const sum = own.reduce((total, { mark }) => total + mark, layout.mark);
  return BigInt.asUintN(MARK_BITS, sum).toString(36);
}

/** The wire protocol's digest of the class. */
export function digestOf({ layout, own }: AudienceClass): string {
  const sum = own.reduce((total, { digest }) => total + digest, layout.digest);
  return (sum >>> 0).toString(16).padStart(8, "0");
}

/** What the class is shown of a flag; undefined when it is not for browsers. */
export function shownTo({ layout, own }: AudienceClass, flag: string): Shown | undefined {
  const at = layout.personal.get(flag);
  return at === undefined ? layout.common.get(flag) : own[at];
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
