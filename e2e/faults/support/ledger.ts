import type { Answered } from "../../support/sdk-process.ts";

/** One thing that was asked of a flag: what it answers then, and when that was asked and acknowledged. */
interface Step {
  readonly answer: string;
  readonly askedAt: number;
  acknowledgedAt: number | undefined;
}

/** A snapshot is written a second after a change; a busy machine takes longer. */
const SNAPSHOT_AGE_MS = 15_000;

/** Where a flag stands for one reader: at the first step that explains all of its answers so far. */
interface Position {
  step: number;
  since: number;
}

/**
 * What was asked of every flag, in order, against what is answered. An answer is lawful while it is that of a step that
 * was asked for by then, and never that of a step before one that this reader has answered from already.
 */
export class Ledger {
  /** Answers that nobody had asked for, in words. */
  readonly violations: string[] = [];
  readonly #steps = new Map<string, Step[]>();
  readonly #positions = new Map<string, Position>();
  /** Of readers that ended: the step that the next of their name cannot be before. */
  readonly #floors = new Map<string, number>();

  /** From here on `flag` answers `answer` until somebody asks for another. */
  begin(flag: string, answer: string): void {
    this.#steps.set(flag, [{ answer, askedAt: 0, acknowledgedAt: 0 }]);
  }

  knows(flag: string): boolean {
    return this.#steps.has(flag);
  }

  /**
   * Asks for an answer; resolves with the step's number once it is acknowledged. When `act` rejects it may still hold;
   * who asks for the same again repeats the step, so that refusals never use up a flag's answers.
   */
  async ask(flag: string, answer: string, act: () => Promise<unknown>): Promise<number> {
    const steps = this.#of(flag);
    if (!this.isOpen(flag) || steps.at(-1)?.answer !== answer)
      steps.push({ answer, askedAt: Date.now(), acknowledgedAt: undefined });
    const number = steps.length - 1;
    const step = this.step(flag, number);
    await act();
    step.acknowledgedAt = Date.now();
    return number;
  }

  /** The database was put back to what it held at `step`: its answer becomes lawful again. */
  restored(flag: string, step: number): number {
    const { answer } = this.step(flag, step);
    const now = Date.now();
    return this.#of(flag).push({ answer, askedAt: now, acknowledgedAt: now }) - 1;
  }

  step(flag: string, number: number): Step {
    return this.#of(flag)[number] as Step;
  }

  /** Whether what was asked for last is not acknowledged. */
  isOpen(flag: string): boolean {
    return this.step(flag, this.newest(flag)).acknowledgedAt === undefined;
  }

  newest(flag: string): number {
    return this.#of(flag).length - 1;
  }

  /** The first step that was asked for since and is acknowledged. */
  acknowledgedSince(flag: string, since: number): number | undefined {
    const number = this.#of(flag).findIndex(
      (each) => each.askedAt >= since && each.acknowledgedAt !== undefined,
    );
    return number < 0 ? undefined : number;
  }

  observe(reader: string, { flag, answer, at }: Answered): void {
    const steps = this.#of(flag);
    const name = `${reader} ${flag}`;
    const from = this.#positions.get(name)?.step ?? this.#floors.get(name) ?? 0;
    const step = steps.findIndex(
      (each, index) => index >= from && each.answer === answer && each.askedAt <= at,
    );
    if (step >= 0) this.#positions.set(name, { step, since: at });
    else
      this.violations.push(
        `${reader}: ${flag} answered ${answer}; after step ${from} (${steps[from]?.answer}) nobody had asked for that`,
      );
  }

  /** When the reader began to answer as `step` says; undefined while it does not. */
  reachedAt(reader: string, flag: string, step: number): number | undefined {
    const position = this.#positions.get(`${reader} ${flag}`);
    if (!position) return undefined;
    const agrees = this.step(flag, position.step).answer === this.step(flag, step).answer;
    return position.step >= step || agrees ? position.since : undefined;
  }

  /** A process that ended; the next of that name begins with its snapshot, which is not much older than it was. */
  forget(reader: string): void {
    for (const flag of this.#steps.keys()) {
      const name = `${reader} ${flag}`;
      const position = this.#positions.get(name);
      if (!position) continue;
      this.#floors.set(name, Math.min(position.step, this.#inForceAt(flag, Date.now() - SNAPSHOT_AGE_MS)));
      this.#positions.delete(name);
    }
  }

  #inForceAt(flag: string, time: number): number {
    return this.#of(flag).filter(({ askedAt }) => askedAt <= time).length - 1;
  }

  #of(flag: string): Step[] {
    const steps = this.#steps.get(flag);
    if (!steps) throw new Error(`nothing is known of ${flag}`);
    return steps;
  }
}
