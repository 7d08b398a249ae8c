import { compileFlag, type Library, MAX_NESTING } from "./compile.ts";
import { bucketing, murmur3 } from "./hash.ts";
import type { Flag, Ruleset, Segment } from "./model.ts";
import type { AlgorithmModule, Extensions } from "./operators/modules.ts";
import type { Outcome } from "./outcome.ts";
import type { Program, Settled } from "./program.ts";

/** Flags or segments by key; `null` removes. */
export type Changes<T> = Record<string, T | null>;

/** What is held under a key, or referred to by others though there is nothing. */
export class Entry<T = unknown> implements Settled {
  readonly key: string;
  readonly isFlag: boolean;
  definition: T | undefined;
  killed = false;
  program: Program | undefined;
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

  get entry(): Program {
    this.program ??= compileFlag(this.key, this.definition as Flag, this.killed, this.#library);
    return this.program;
  }
}

/** The definitions an evaluator holds, the programs they were compiled into, and who refers to whom. */
export class Definitions implements Library {
  readonly flags = new Map<string, Entry<Flag>>();
  readonly segments = new Map<string, Entry<Segment>>();
  readonly operators: Library["operators"];
  readonly algorithms: Library["algorithms"];
  readonly sites: string[] = [];
  note?: NonNullable<Library["note"]>;

  constructor({ operators = [], algorithms = [] }: Extensions) {
    this.operators = new Map(operators.map(({ name, compile }) => [name, compile]));
    this.algorithms = new Map<string | undefined, AlgorithmModule["prepare"]>([
      [undefined, bucketing],
      ...algorithms.map(({ name, prepare }) => [name, prepare] as const),
    ]);
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
    this.#define(this.flags, flags, changed);
    this.#define(this.segments, segments, changed);
    return this.#reach(changed);
  }

  /** Puts a whole ruleset in place of what is held. */
  replace(flags: Record<string, Flag>, segments: Record<string, Segment>): string[] {
    return this.apply({ ...absent(this.flags), ...flags }, { ...absent(this.segments), ...segments });
  }

  setKilled(key: string, killed: boolean): string[] {
    const flag = this.flag(key);
    flag.killed = killed;
    flag.program = undefined;
    return this.#reach(new Set([flag]));
  }

  /** The sum of a hash of everything that is held. */
  digest(): number {
    let sum = 0;
    for (const { isFlag, key, definition } of [...this.flags.values(), ...this.segments.values()]) {
      // A hash that is no text may not even be turned into one.
      const hash = typeof definition?.hash === "string" ? definition.hash : "";
      if (definition !== undefined) sum += murmur3(`${isFlag ? "flag" : "segment"}:${key}:${hash}`);
    }
    return sum;
  }

  #entry<T>(entries: Map<string, Entry<T>>, key: string): Entry<T> {
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = new Entry(key, (entries as unknown) === this.flags, this);
      entries.set(key, entry);
    }
    return entry;
  }

  #define<T extends Flag | Segment>(
    entries: Map<string, Entry<T>>,
    changes: Changes<T>,
    changed: Set<Entry>,
  ): void {
    for (const key of Object.keys(changes)) {
      const definition = changes[key];
      const entry = this.#entry(entries, key);
      const { hash } = entry.definition ?? {};
      if (hash !== undefined && hash === definition?.hash) continue;
      eachReference(entry.definition, (kind, key) => this[kind](key).users?.delete(entry));
      entry.definition = isObject(definition) ? definition : undefined;
      entry.program = undefined;
      eachReference(entry.definition, (kind, key) => {
        const used: Entry = this[kind](key);
        used.users = (used.users ?? new Set()).add(entry);
      });
      changed.add(entry);
    }
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

function absent(entries: ReadonlyMap<string, unknown>): Record<string, null> {
  return { __proto__: null, ...Object.fromEntries([...entries.keys()].map((key) => [key, null])) } as Record<
    string,
    null
  >;
}

type Reference = "flag" | "segment";

/** Everything that a part of a definition, or a whole one, refers to. */
function eachReference(part: unknown, visit: (kind: Reference, key: string) => void, depth = 0): void {
  if (depth > 2 * MAX_NESTING || !isObject(part)) return;
  if (Array.isArray(part)) {
    for (const each of part) eachReference(each, visit, depth + 1);
    return;
  }
  const { flag, segment, prerequisites, rules, when, all, any, not } = part as Record<string, unknown>;
  if (typeof flag === "string") visit("flag", flag);
  if (typeof segment === "string") visit("segment", segment);
  for (const inner of [prerequisites, rules, when, all, any, not]) eachReference(inner, visit, depth + 1);
}

/** The list that came from outside, or none. */
export function list<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
