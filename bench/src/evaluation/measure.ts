/** A loop over a workload: so many decisions, and how many of them were true. */
export type Loop = (decisions: number) => number;

/** Nanoseconds a decision of each loop: medians of rounds in which every loop runs once. */
export function interleave<Name extends string>(
  loops: Record<Name, Loop>,
  { decisions, rounds, warmups }: { decisions: number; rounds: number; warmups: number },
): Record<Name, number> {
  const entries = Object.entries<Loop>(loops) as [Name, Loop][];
  const samples = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let round = -warmups; round < rounds; round++) {
    for (const [name, loop] of entries) {
      const start = process.hrtime.bigint();
      loop(decisions);
      const elapsed = Number(process.hrtime.bigint() - start);
      if (round >= 0) samples.get(name)?.push(elapsed / decisions);
    }
  }
  return Object.fromEntries(entries.map(([name]) => [name, median(samples.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

/** The middle of some samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The median time of something that is done afresh each time, in milliseconds. */
export function time(times: number, action: () => unknown): number {
  return median(
    Array.from({ length: times }, () => {
      const start = performance.now();
      action();
      return performance.now() - start;
    }),
  );
}
