/** Kill calls that may wait at once; the next one is answered without waiting. */
const WAITING_MAX = 100;

/** Those who wait for something to be complete. */
export class Waits<Subject> {
  readonly #waiting = new Map<Subject, Set<() => void>>();
  #count = 0;
  #ended = false;

  /** Whether nobody waits any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the subject is told to be complete, after `limitMs`, or when all waiting ends. */
  async for(subject: Subject, limitMs: number): Promise<void> {
    if (this.#ended || this.#count >= WAITING_MAX) return;
    this.#count += 1;
    const waiting = this.#waiting.get(subject) ?? new Set();
    this.#waiting.set(subject, waiting);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#count -= 1;
    if (this.#waiting.get(subject) === waiting) this.#waiting.delete(subject);
  }

  complete(subject: Subject): void {
    const waiting = this.#waiting.get(subject) ?? [];
    this.#waiting.delete(subject);
    for (const resolve of waiting) resolve();
  }

  /** For good. */
  end(): void {
    this.#ended = true;
    for (const subject of this.#waiting.keys()) this.complete(subject);
  }
}
