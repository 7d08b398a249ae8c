import { compileCondition, compileMembership, type Library } from "../compile.ts";
import { hashState, murmur3 } from "../hash.ts";
import type { AttributeTest, Context } from "../model.ts";
import { INSIDE, run, type Step } from "../step.ts";

/** Which attributes a page may claim; every other one is private, and so are membership lists. */
export interface Registry {
  publicAttributes: ReadonlySet<string>;
}

/** Something about a user that only a signature can tell: the answer to a private test or a list's question. */
export interface Fact {
  /** Where it is asked, as a JSON pointer into the ruleset. */
  path: string;
  program: Step;
}

/** Collects facts, and answers them for one user after another. Equal questions are one fact. */
export class Facts {
  readonly #library: Library;
  readonly #facts = new Map<string, Fact>();
  readonly #bySource = new WeakMap<object, Fact>();

  constructor(library: Library) {
    this.#library = library;
  }

  get all(): Iterable<Fact> {
    return this.#facts.values();
  }

  addTest(test: AttributeTest, path: string): void {
    this.#add(test, JSON.stringify(test), path, () => compileCondition(test, this.#library));
  }

  /** The question whether the user is in a list; the list itself stands for it. */
  addList(unit: string, values: readonly string[], path: string): void {
    this.#add(values, JSON.stringify([unit, values]), path, () => compileMembership(unit, values));
  }

  /** The answers for one user, asked by the test or the list that was added. */
  answers(verified: Context): (source: object) => boolean {
    const known = new Map<Fact, boolean>();
    return (source) => {
      const fact = this.#bySource.get(source);
      if (fact === undefined) throw new Error("a fact that nobody collected");
      const answer = known.get(fact) ?? holds(fact, verified);
      known.set(fact, answer);
      return answer;
    };
  }

  /** Equal for users of whom every fact is equally true. */
  classOf(verified: Context): string {
    const bits = Array.from(this.#facts.values(), (fact) => (holds(fact, verified) ? "1" : "0")).join("");
    return fingerprint(bits);
  }

  #add(source: object, question: string, path: string, compile: () => Step): void {
    let fact = this.#facts.get(question);
    if (fact === undefined) {
      fact = { path, program: compile() };
      this.#facts.set(question, fact);
    }
    this.#bySource.set(source, fact);
  }
}

function holds({ program }: Fact, verified: Context): boolean {
  return run(program, verified, { pass: 1, depth: 0 }) === INSIDE;
}

/** Sixteen hexadecimal digits that differ where texts do. */
export function fingerprint(text: string): string {
  return [0, 0x9747b28c]
    .map((seed) => murmur3(text, hashState("", seed)).toString(16).padStart(8, "0"))
    .join("");
}
