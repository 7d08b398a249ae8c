/** A node that has not repeated its word for so long is gone, and its streams with it. */
const FORGET_AFTER_MS = 35_000;

interface Word {
  count: number;
  at: number;
}

/** SDK streams that are open, summed over nodes as each last said. */
export function createConnectionCounts(now: () => number = () => performance.now()) {
  const byEnvironment = new Map<string, Map<string, Word>>();
  const sum = (words: Map<string, Word> | undefined) => {
    let total = 0;
    for (const [node, { count, at }] of words ?? [])
      if (now() - at > FORGET_AFTER_MS) words?.delete(node);
      else total += count;
    return total;
  };
  return {
    /** Takes a node's word and returns the new sum. */
    note({ environmentId, node, count }: { environmentId: string; node: string; count: number }): number {
      const words = byEnvironment.get(environmentId) ?? new Map<string, Word>();
      byEnvironment.set(environmentId, words);
      if (count === 0) words.delete(node);
      else words.set(node, { count, at: now() });
      return sum(words);
    },
    of: (environmentId: string): number => sum(byEnvironment.get(environmentId)),
    all: (): [string, number][] => [...byEnvironment].map(([id, words]) => [id, sum(words)]),
  };
}
