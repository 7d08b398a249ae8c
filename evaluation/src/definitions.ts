import { compileFlag } from "./compile.ts";
import { type Library, MAX_NESTING } from "./conditions.ts";
import { bucketing, murmur3 } from "./hash.ts";
import type { Flag, Segment } from "./model.ts";
import type { Extensions } from "./operators/modules.ts";
import type { Program, Settled } from "./program.ts";

/** Flags or segments by key; `null` removes. */
export type Changes<T> = Record<string, T | null>;

type Kind = "flag" | "segment";

/** What is held under a key, or referred to by others though there is nothing. */
export interface Entry extends Settled {
  readonly kind: Kind;
  readonly key: string;
  definition: Flag | Segment | undefined;
  killed: boolean;
  program: Program | undefined;
  /** How many segments deep it refers to others, itself included. */
  height: number;
  /** What is compiled against it or requires it. */
  users: Set<Entry> | undefined;
}

/** The definitions an evaluator holds, the programs they were compiled into, and who refers to whom. */
export interface Definitions extends Library {
  entries: Readonly<Record<Kind, ReadonlyMap<string, Entry>>>;
  entryOf(kind: Kind, key: string): Entry;
  /** Puts changes in place, and returns the keys of the flags whose answer can differ for them. */
  apply(flags: Changes<Flag>, segments: Changes<Segment>): string[];
  /** Puts a whole ruleset in place of what is held. */
  replace(flags: Record<string, Flag>, segments: Record<string, Segment>): string[];
  setKilled(key: string, killed: boolean): string[];
  /** The digest of the wire protocol. */
  digest(): string;
}

export function createDefinitions({ operators = [], algorithms = [] }: Extensions): Definitions {
  const entries = { flag: new Map<string, Entry>(), segment: new Map<string, Entry>() };

  const entryOf = (kind: Kind, key: string): Entry => {
    let entry = entries[kind].get(key);
    if (entry === undefined) {
      entry = {
        kind,
        key,
        definition: undefined,
        killed: false,
        program: undefined,
        height: 0,
        users: undefined,
        pass: 0,
        memo: undefined,
      };
      entries[kind].set(key, entry);
    }
    return entry;
  };

  const change = (kind: Kind, changes: Changes<Flag | Segment>): Entry[] =>
    Object.keys(changes).flatMap((key) => {
      const definition = changes[key];
      const entry = entryOf(kind, key);
      const hash = entry.definition?.hash;
      if (hash !== undefined && hash === definition?.hash) return [];
      eachReference(entry.definition, (kind, key) => entryOf(kind, key).users?.delete(entry));
      entry.definition = isObject(definition) ? definition : undefined;
      entry.program = undefined;
      eachReference(entry.definition, (kind, key) => {
        const used = entryOf(kind, key);
        used.users = (used.users ?? new Set()).add(entry);
      });
      return [entry];
    });

  /** Forgets what was compiled against changed entries, and names the flags that can answer otherwise. */
  const reach = (changed: Set<Entry>): string[] => {
    for (const { kind, users = [] } of changed) {
      for (const user of users) {
        // A flag looks at those it requires anew each time, but has been compiled against its segments.
        if (kind === "segment") user.program = undefined;
        changed.add(user);
      }
    }
    return [...changed].flatMap(({ kind, key }) => (kind === "flag" ? key : []));
  };

  const definitions: Definitions = {
    entries,
    entryOf,
    operators: new Map(operators.map(({ name, compile }) => [name, compile])),
    algorithms: new Map([...algorithms.map(({ name, prepare }) => [name, prepare] as const), NATIVE]),
    sites: [],
    pass: 0,
    programOf(settled) {
      const flag = settled as Entry;
      flag.program ??= compileFlag(flag, definitions);
      return flag.program;
    },
    apply: (flags, segments) => reach(new Set([...change("flag", flags), ...change("segment", segments)])),
    replace: (flags, segments) =>
      definitions.apply({ ...absent(entries.flag), ...flags }, { ...absent(entries.segment), ...segments }),
    setKilled(key, killed) {
      const flag = entryOf("flag", key);
      flag.killed = killed;
      flag.program = undefined;
      return reach(new Set([flag]));
    },
    digest() {
      let sum = 0;
      for (const { kind, key, definition } of [...entries.flag.values(), ...entries.segment.values()]) {
        // A hash that is no text may not even be turned into one.
        const hash = typeof definition?.hash === "string" ? definition.hash : "";
        if (definition !== undefined) sum += murmur3(`${kind}:${key}:${hash}`);
      }
      return (sum >>> 0).toString(16).padStart(8, "0");
    },
  };
  return definitions;
}

const NATIVE = [undefined, bucketing] as const;

/** Says of everything held that it is gone. */
function absent(entries: ReadonlyMap<string, Entry>): Record<string, null> {
  const gone = Object.fromEntries([...entries.keys()].map((key) => [key, null]));
  return { __proto__: null, ...gone } as Record<string, null>;
}

/** Visits everything that a definition refers to. */
function eachReference(
  definition: Partial<Flag & Segment> | undefined,
  visit: (kind: Kind, key: string) => void,
): void {
  const { prerequisites, rules, when } = definition ?? {};
  for (const prerequisite of list(prerequisites)) visit("flag", prerequisite?.flag);
  for (const rule of list(rules)) eachSegment(rule?.when, visit);
  eachSegment(when, visit);
}

function eachSegment(condition: unknown, visit: (kind: Kind, key: string) => void, depth = 0): void {
  if (!isObject(condition) || depth > MAX_NESTING || "attribute" in condition) return;
  const { segment, all, any, not } = condition as Record<string, unknown>;
  if (typeof segment === "string") visit("segment", segment);
  else for (const part of list((all ?? any ?? [not]) as unknown[])) eachSegment(part, visit, depth + 1);
}

/** The list that came from outside, or none. */
export function list<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
