import { compileCondition, compileMembership, type Lexicon } from "../conditions.ts";
import { hashState, murmur3 } from "../hash.ts";
import type { AttributeTest, Context } from "../model.ts";
import { INSIDE, type Program, run } from "../program.ts";

/** Which attributes a page may claim; every other one is private, and so are membership lists. */
export interface Registry {
  publicAttributes: ReadonlySet<string>;
}

/** Something about a user that only a signature can tell: the answer to a private test or a list's question. */
export interface Fact {
  /** Where it is asked, as a JSON pointer into the ruleset. */
  path: string;
  program: Program;
}

/** What asks a fact: a test, or the list that a user may be in. It lives as long as its definition does. */
export type Source = AttributeTest | readonly string[];

/** The facts that definitions ask, each compiled once. */
export class Facts {
  readonly #lexicon: Lexicon;
  readonly #bySource = new WeakMap<Source, Fact>();

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
  }

  ofTest(test: AttributeTest, path: string): Fact {
    return this.#made(test, path, () => compileCondition(test, this.#lexicon));
  }

  /** The question whether the user is in a list; the list itself stands for it. */
  ofList(unit: string, values: readonly string[], path: string): Fact {
    return this.#made(values, path, () => compileMembership(unit, values, this.#lexicon));
  }

  of(source: Source): Fact {
    const fact = this.#bySource.get(source);
    if (fact === undefined) throw new Error("a fact that nobody collected");
    return fact;
  }

  #made(source: Source, path: string, compile: () => Program): Fact {
    const fact = this.#bySource.get(source) ?? { path, program: compile() };
    this.#bySource.set(source, fact);
    return fact;
  }
}

/** What holds for one user; each fact is looked at once, however many flags ask it. */
export class Answers {
  readonly #verified: Context;
  readonly #lexicon: Lexicon;
  readonly #known = new Map<Fact, boolean>();

  constructor(verified: Context, lexicon: Lexicon) {
    this.#verified = verified;
    this.#lexicon = lexicon;
  }

  holds(fact: Fact): boolean {
    let answer = this.#known.get(fact);
    if (answer === undefined) {
      answer = run(fact.program, this.#verified, this.#lexicon) === INSIDE;
      this.#known.set(fact, answer);
    }
    return answer;
  }

  /** One digit a fact. */
  of(facts: readonly Fact[]): string {
    return facts.map((fact) => (this.holds(fact) ? "1" : "0")).join("");
  }
}

/** Sixteen hexadecimal digits that differ where texts do. */
export function fingerprint(text: string): string {
  return [0, 0x9747b28c]
    .map((seed) => (murmur3(text, hashState("", seed)) >>> 0).toString(16).padStart(8, "0"))
    .join("");
}
