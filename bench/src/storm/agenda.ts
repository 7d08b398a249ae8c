/** Time moves in steps of this many milliseconds. */
export const TICK_MS = 10;

/** What is to happen when, by client: one thing for each, and what is planned anew replaces what was planned. */
export class Agenda {
  readonly #slots: number[][] = [];
  readonly #planned: Int32Array;

  constructor(clients: number) {
    this.#planned = new Int32Array(clients).fill(-1);
  }

  /** Never in the tick that is under way. */
  plan(client: number, tick: number, delayMs: number): void {
    const at = tick + Math.max(1, Math.round(delayMs / TICK_MS));
    this.#planned[client] = at;
    const slot = this.#slots[at];
    if (slot) slot.push(client);
    else this.#slots[at] = [client];
  }

  cancel(client: number): void {
    this.#planned[client] = -1;
  }

  /** Whose time has come. */
  due(tick: number): number[] {
    const slot = this.#slots[tick] ?? [];
    delete this.#slots[tick];
    return slot.filter((client) => {
      const isDue = this.#planned[client] === tick;
      // It may stand here twice, for having been planned elsewhere in between.
      if (isDue) this.#planned[client] = -1;
      return isDue;
    });
  }
}
