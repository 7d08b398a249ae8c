import { compileFlag } from "./compile.ts";
import { type Lexicon, MAX_NESTING } from "./conditions.ts";
import { bucketing } from "./hash.ts";
import type { Flag, Segment } from "./model.ts";
import type { Extensions } from "./operators/modules.ts";
import { OUTSIDE, type Program, type Settled } from "./program.ts";

/** Flags or segments by key; `null` removes. */
export type Changes<T> = Record<string, T | null>;

type Kind = "flag" | "segment";

/** What is held under a key, or referred to by others though there is nothing. */
export class Entry implements Settled {
  declare readonly kind: Kind;
  declare readonly key: string;
  definition: Flag | Segment | undefined;
  killed = false;
  program: Program | undefined;
  /** How many segments deep it refers to others, itself included. */
  height = 0;
  /** What is compiled against it or requires it. */
  readonly users = new Set<Entry>();
  pass = 0;
  memo = OUTSIDE;
  /** Its part of the digest, of the definition that it was made of. */
  digest = 0;
  digested: Flag | Segment | undefined;

  constructor(kind: Kind, key: string) {
    this.kind = kind;
    this.key = key;
  }
}

/** The definitions an evaluator holds, the programs they were compiled into, and who refers to whom. */
export interface Definitions extends Lexicon {
  entries: Readonly<Record<Kind, ReadonlyMap<string, Entry>>>;
  entryOf(kind: Kind, key: string): Entry;
  /** Puts changes in place, and returns the keys of the flags whose answer can differ; of a whole, nothing else stays. */
  apply(flags: Changes<Flag>, segments: Changes<Segment>, isWhole?: boolean): string[];
  setKilled(key: string, killed: boolean): string[];
}

/**
 * Makes definitions that hold nothing yet. It leaves loops over entries to the engine's own functions: one with a loop is optimised
 * while it loads many, before it ever got past that loop, and given up in the first patch.
 */
export function createDefinitions({ operators = [], algorithms = [] }: Extensions): Definitions {
  const entries = { flag: new Map<string, Entry>(), segment: new Map<string, Entry>() };

  const entryOf = (kind: Kind, key: string): Entry => {
    const entry = entries[kind].get(key) ?? new Entry(kind, key);
    entries[kind].set(key, entry);
    return entry;
  };

  /** Forgets who refers to an entry, and the entry too if it says nothing and nobody else does. */
  const release = (kind: Kind, key: string, user?: Entry) => {
    const { definition, killed, users } = entryOf(kind, key);
    users.delete(user as Entry);
    if (!definition && !killed && !users.size) entries[kind].delete(key);
  };

  /** Puts changes in place, and notes the entries that they touch. */
  const change = (kind: Kind, changes: Changes<Flag | Segment>, changed: Set<Entry>, isWhole = false): void =>
    [...(isWhole ? entries[kind].keys() : []), ...Object.keys(changes)].forEach((key) => {
      const given = Object.hasOwn(changes, key) && changes[key];
      const definition = isObject(given) ? given : undefined;
      const held = entries[kind].get(key)?.definition;
      // Without a hash nothing is the same.
      if (held ? held.hash && held.hash === definition?.hash : !definition) return;
      const entry = entryOf(kind, key);
      eachReference(held, (kind, key) => release(kind, key, entry));
      entry.definition = definition;
      eachReference(definition, (kind, key) => entryOf(kind, key).users.add(entry));
      changed.add(entry);
    });

  /** Forgets what was compiled against changed entries, and names the flags that can answer otherwise. */
  const reach = (changed: Set<Entry>): string[] => {
    changed.forEach((entry) => {
      entry.program = undefined;
      entry.users.forEach(changed.add, changed);
    });
    return [...changed].flatMap(({ kind, key }) => {
      release(kind, key);
      return kind === "flag" ? key : [];
    });
  };

  const definitions: Definitions = {
    entries,
    entryOf,
    operators,
    algorithms: [NATIVE, ...algorithms],
    sites: [],
    pass: 0,
    programOf(settled) {
      const flag = settled as Entry;
      flag.program ??= compileFlag(flag, definitions);
      return flag.program;
    },
    apply(flags, segments, isWhole) {
      const changed = new Set<Entry>();
      change("flag", flags, changed, isWhole);
      change("segment", segments, changed, isWhole);
      return reach(changed);
    },
    setKilled(key, killed) {
      const flag = entryOf("flag", key);
      flag.killed = killed;
      return reach(new Set([flag]));
    },
  };
  return definitions;
}

const NATIVE = { name: undefined, prepare: bucketing };

type Visit = (kind: Kind, key: string) => void;

/**
 * Visits everything that a definition refers to, be it no key: compiling asks for the same, and what is asked for must be forgotten. It
 * asks each part only for what such a part has: a start is mostly this.
 */
function eachReference(definition: unknown, visit: Visit): void {
  if (!isObject(definition)) return;
  const { prerequisites, rules, when } = definition as Record<string, unknown>;
  for (const each of listOf(prerequisites)) visit("flag", each?.flag as string);
  for (const each of listOf(rules)) inCondition(each?.when, visit, 0);
  inCondition(when, visit, 0);
}

function inCondition(part: unknown, visit: Visit, depth: number): void {
  if (!isObject(part) || depth > MAX_NESTING || "attribute" in part) return;
  const { segment, all, any, not } = part as Record<string, unknown>;
  if (segment !== undefined) visit("segment", segment as string);
  for (const inner of listOf(all ?? any ?? [not])) inCondition(inner, visit, depth + 1);
}

const listOf = (value: unknown): Partial<Record<string, unknown>>[] => (Array.isArray(value) ? value : []);

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
