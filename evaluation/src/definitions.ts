import { compileFlag, type Library } from "./compile.ts";
import { murmur3 } from "./hash.ts";
import type { Flag, Ruleset, Segment } from "./model.ts";
import type { AlgorithmModule, Extensions, OperatorModule } from "./operators/modules.ts";
import type { Outcome } from "./outcome.ts";
import type { Settled, Step } from "./step.ts";

/** Flags or segments by key; `null` removes. */
export type Changes<T> = Record<string, T | null>;

/** What is held under a key, or referred to by others though there is nothing. */
export class Entry<T = unknown> implements Settled {
  readonly key: string;
  readonly isFlag: boolean;
  definition: T | undefined;
  killed = false;
  program: Step | undefined;
  /** What is compiled against it or requires it. */
  users: Set<Entry> | undefined;
  height = 0;
  pass = 0;
  memo: Outcome | undefined;
  readonly #library: Library;

  constructor(key: string, isFlag: boolean, library: Library) {
    this.key = key;
    this.isFlag = isFlag;
    this.#library = library;
  }

  get entry(): Step {
    this.program ??= compileFlag(this.key, this.definition as Flag, this.killed, this.#library);
    return this.program;
  }
}

/** The definitions an evaluator holds, the programs they were compiled into, and who refers to whom. */
export class Definitions implements Library {
  readonly flags = new Map<string, Entry<Flag>>();
  readonly segments = new Map<string, Entry<Segment>>();
  readonly operators: ReadonlyMap<string, OperatorModule>;
  readonly algorithms: ReadonlyMap<string, AlgorithmModule>;
  note?: NonNullable<Library["note"]>;
  #digest = 0;

  constructor({ operators = [], algorithms = [] }: Extensions) {
    this.operators = new Map(operators.map((module) => [module.name, module]));
    this.algorithms = new Map(algorithms.map((module) => [module.name, module]));
  }

  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, "0");
  }

  flag(key: string): Entry<Flag> {
    return this.#entry(this.flags, key);
  }

  segment(key: string): Entry<Segment> {
    return this.#entry(this.segments, key);
  }

  /** The definitions there are, as they travel. */
  held<Kind extends "flags" | "segments">(kind: Kind): Ruleset[Kind] {
    const held = [...this[kind]].flatMap(([key, { definition }]) => (definition ? [[key, definition]] : []));
    return Object.fromEntries(held);
  }

  /** Swaps definitions, forgets what was compiled against them, and names the flags that can answer otherwise. */
  apply(flags: Changes<Flag>, segments: Changes<Segment>): string[] {
    const changed = new Set<Entry>();
    for (const key of Object.keys(flags)) changed.add(this.#define(this.flag(key), flags[key]));
    for (const key of Object.keys(segments)) changed.add(this.#define(this.segment(key), segments[key]));
    return this.#reach(changed);
  }

  /** Puts a whole ruleset in place of what is held. */
  replace(flags: Record<string, Flag>, segments: Record<string, Segment>): string[] {
    return this.apply(difference(this.flags, flags), difference(this.segments, segments));
  }

  setKilled(key: string, killed: boolean): string[] {
    const flag = this.flag(key);
    flag.killed = killed;
    flag.program = undefined;
    return this.#reach(new Set([flag]));
  }

  #entry<T>(entries: Map<string, Entry<T>>, key: string): Entry<T> {
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = new Entry(key, (entries as unknown) === this.flags, this);
      entries.set(key, entry);
    }
    return entry;
  }

  #define<T extends Flag | Segment>(entry: Entry<T>, definition: T | null | undefined): Entry {
    this.#link(entry, false);
    entry.definition = isObject(definition) ? definition : undefined;
    entry.program = undefined;
    this.#link(entry, true);
    return entry;
  }

  /** Counts a definition in or out of the digest and of the users of what it refers to. */
  #link(entry: Entry<Flag | Segment>, add: boolean): void {
    const { definition, isFlag, key } = entry;
    if (definition === undefined) return;
    // A hash that is no text may not even be turned into one.
    const hash = typeof definition.hash === "string" ? definition.hash : "";
    this.#digest += murmur3(`${isFlag ? "flag" : "segment"}:${key}:${hash}`) * (add ? 1 : -1);
    eachReference(definition, (kind, other) => {
      const used: Entry = kind === "flag" ? this.flag(other) : this.segment(other);
      if (add) used.users = (used.users ?? new Set()).add(entry);
      else used.users?.delete(entry);
    });
  }

  #reach(changed: Set<Entry>): string[] {
    const keys: string[] = [];
    for (const { isFlag, key, users } of changed) {
      if (isFlag) keys.push(key);
      for (const user of users ?? []) {
        // A flag looks at those it requires anew each time, but has been compiled against its segments.
        if (!isFlag) user.program = undefined;
        changed.add(user);
      }
    }
    return keys;
  }
}

/** What is new, has another hash, or is gone. */
function difference<T extends { hash: string }>(
  held: Map<string, Entry<T>>,
  next: Record<string, T>,
): Changes<T> {
  if (!isObject(next)) return difference(held, {});
  if (held.size === 0) return next;
  const changes = new Map<string, T | null>(Object.entries(next));
  for (const [key, { definition }] of held) {
    if (definition === undefined) continue;
    const hash = changes.get(key)?.hash;
    if (!changes.has(key)) changes.set(key, null);
    else if (hash !== undefined && hash === definition.hash) changes.delete(key);
  }
  return Object.fromEntries(changes);
}

function eachReference(
  definition: Partial<Flag & Segment>,
  visit: (kind: "flag" | "segment", key: string) => void,
): void {
  const { prerequisites, rules, when } = definition;
  for (const prerequisite of list(prerequisites)) visit("flag", prerequisite?.flag);
  const pending: unknown[] = [when];
  for (const rule of list(rules)) pending.push(rule?.when);
  for (const condition of pending) {
    if (!isObject(condition)) continue;
    const { segment, not, all, any } = condition as Record<string, unknown>;
    if (typeof segment === "string") visit("segment", segment);
    if (not !== undefined) pending.push(not);
    for (const part of list((all ?? any) as unknown[])) pending.push(part);
  }
}

/** The list that came from outside, or none. */
export function list<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
