import { type CompiledSegment, compileFlag, compileSegment, type Library } from "./compile.ts";
import { Dependents, flagsOf, type Node, segmentsOf, segmentsOfSegment } from "./dependents.ts";
import { murmur3 } from "./hash.ts";
import type { Flag, Ruleset, Segment } from "./model.ts";
import type { AlgorithmModule, Extensions, OperatorModule } from "./operators/modules.ts";
import type { Outcome } from "./outcome.ts";
import { MAX_REFERENCE_DEPTH, type Settled, type Step } from "./step.ts";

export class FlagState implements Settled {
  readonly key: string;
  definition: Flag;
  killed: boolean;
  pass = 0;
  memo: Outcome | undefined;
  program: Step | undefined;
  readonly #library: Library;

  constructor(key: string, definition: Flag, killed: boolean, library: Library) {
    this.key = key;
    this.definition = definition;
    this.killed = killed;
    this.#library = library;
  }

  get entry(): Step {
    this.program ??= compileFlag(this.key, this.definition, this.killed, this.#library);
    return this.program;
  }
}

/** The definitions an evaluator holds, the programs they were compiled into, and who refers to whom. */
export class Definitions implements Library {
  readonly flags = new Map<string, FlagState>();
  readonly segments = new Map<string, Segment>();
  readonly #compiled = new Map<string, CompiledSegment>();
  readonly #killed = new Set<string>();
  readonly #dependents = new Dependents();
  readonly #operators: Map<string, OperatorModule>;
  readonly #algorithms: Map<string, AlgorithmModule>;
  #segmentsLinked = false;
  #digest = 0;

  constructor({ operators = [], algorithms = [] }: Extensions) {
    this.#operators = new Map(operators.map((module) => [module.name, module]));
    this.#algorithms = new Map(algorithms.map((module) => [module.name, module]));
  }

  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, "0");
  }

  flag(key: string): FlagState | undefined {
    return this.flags.get(key);
  }

  operator(name: string): OperatorModule | undefined {
    return this.#operators.get(name);
  }

  algorithm(name: string): AlgorithmModule | undefined {
    return this.#algorithms.get(name);
  }

  segment(key: string, depth: number): CompiledSegment {
    const definition = this.segments.get(key);
    if (definition === undefined || depth > MAX_REFERENCE_DEPTH)
      throw new Error(`no segment, or too deep: ${key}`);
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      compiled = { pass: 0, memo: undefined, ...compileSegment(definition, this, depth) };
      this.#compiled.set(key, compiled);
    }
    if (depth + compiled.height > MAX_REFERENCE_DEPTH) throw new Error(`too deep: ${key}`);
    return compiled;
  }
  /** Puts a whole ruleset in place of what is held, and names the flags that can answer otherwise. */
  replace(ruleset: Ruleset): string[] {
    return this.apply(
      difference(entriesOf<Flag>(ruleset.flags), this.flags, (state) => state.definition.hash),
      difference(entriesOf<Segment>(ruleset.segments), this.segments, (segment) => segment.hash),
    );
  }

  setKilled(key: string, killed: boolean): string[] {
    if (killed) this.#killed.add(key);
    else this.#killed.delete(key);
    const flag = this.flags.get(key);
    if (flag === undefined) return [];
    flag.killed = killed;
    flag.program = undefined;
    return this.#reach(new Set([this.#dependents.node("flag", key)]), new Set());
  }

  /** Swaps definitions, forgets the programs they were compiled into, and names the flags that can answer otherwise. */
  apply(flags: Entries<Flag>, segments: Entries<Segment>): string[] {
    if (segments.length > 0) this.#linkSegments();
    const pending = new Set<Node>();
    // A flag is compiled against the flags it requires, so only their coming and going concerns it.
    const moved = new Set<Node>();
    for (const [key, segment] of segments) pending.add(this.#setSegment(key, segment));
    for (const [key, flag] of flags) {
      const existed = this.flags.has(key);
      const node = this.#setFlag(key, flag);
      pending.add(node);
      if (existed !== this.flags.has(key)) moved.add(node);
    }
    return this.#reach(pending, moved);
  }

  /** Follows who refers to whom, from what changed to every flag that can answer otherwise. */
  #reach(pending: Set<Node>, moved: ReadonlySet<Node>): string[] {
    for (const node of pending) {
      for (const user of node.users) {
        if (node.kind === "segment" || moved.has(node)) this.#forget(user);
        pending.add(user);
      }
    }
    return [...pending].filter(({ kind }) => kind === "flag").map(({ key }) => key);
  }

  #setFlag(key: string, flag: Flag | null): Node {
    const node = this.#dependents.node("flag", key);
    const state = this.flags.get(key);
    if (state !== undefined) {
      this.#digest -= murmur3(`flag:${key}:${state.definition.hash}`);
      this.#dependents.unlink(node, "flag", flagsOf(state.definition));
      if (this.#segmentsLinked) this.#dependents.unlink(node, "segment", segmentsOf(state.definition));
    }
    if (!isObject(flag)) {
      this.flags.delete(key);
      return node;
    }
    this.#digest += murmur3(`flag:${key}:${flag.hash}`);
    this.#dependents.link(node, "flag", flagsOf(flag));
    if (this.#segmentsLinked) this.#dependents.link(node, "segment", segmentsOf(flag));
    if (state === undefined) {
      this.flags.set(key, new FlagState(key, flag, this.#killed.has(key), this));
    } else {
      state.definition = flag;
      state.program = undefined;
    }
    return node;
  }

  #setSegment(key: string, segment: Segment | null): Node {
    const node = this.#dependents.node("segment", key);
    const before = this.segments.get(key);
    this.#compiled.delete(key);
    if (before !== undefined) {
      this.#digest -= murmur3(`segment:${key}:${before.hash}`);
      this.#dependents.unlink(node, "segment", segmentsOfSegment(before));
    }
    if (!isObject(segment)) {
      this.segments.delete(key);
      return node;
    }
    this.#digest += murmur3(`segment:${key}:${segment.hash}`);
    this.#dependents.link(node, "segment", segmentsOfSegment(segment));
    this.segments.set(key, segment);
    return node;
  }

  /** Walking every rule waits for the first segment that changes: most rulesets never see one. */
  #linkSegments(): void {
    if (this.#segmentsLinked) return;
    this.#segmentsLinked = true;
    for (const [key, { definition }] of this.flags) {
      this.#dependents.link(this.#dependents.node("flag", key), "segment", segmentsOf(definition));
    }
  }

  #forget({ kind, key }: Node): void {
    if (kind === "segment") {
      this.#compiled.delete(key);
      return;
    }
    const flag = this.flags.get(key);
    if (flag !== undefined) flag.program = undefined;
  }
}

export type Entries<T> = [key: string, definition: T | null][];

/** What is new, has another hash, or is gone. */
function difference<T, Held>(
  entries: Entries<T & { hash: string }>,
  held: ReadonlyMap<string, Held>,
  hashOf: (held: Held) => string,
): Entries<T> {
  const before = new Map(held);
  const changed = entries.filter(([key, definition]) => {
    const known = before.get(key);
    before.delete(key);
    return known === undefined || typeof definition?.hash !== "string" || hashOf(known) !== definition.hash;
  });
  return [...changed, ...[...before.keys()].map((key): [string, null] => [key, null])];
}

/** The entries of a record that came from outside, and may be none. */
export function entriesOf<T>(record: Record<string, T | null> | undefined): Entries<T> {
  return isObject(record) ? Object.entries(record) : [];
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
