/** Chance that can be repeated: the same seed draws the same. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number of milliseconds between two. */
  between(from: number, to: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => Math.round(from + next() * (to - from)),
    pick: (items) => items[Math.floor(next() * items.length)] as never,
  };
}
