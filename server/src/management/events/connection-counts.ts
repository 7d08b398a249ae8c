/** SDK streams that are open, summed over nodes as each last said. */
export function createConnectionCounts() {
  const byEnvironment = new Map<string, Map<string, number>>();
  const sum = (counts: Map<string, number> | undefined) =>
    [...(counts?.values() ?? [])].reduce((total, count) => total + count, 0);
  return {
    /** Takes a node's word and returns the new sum. */
    note({ environmentId, node, count }: { environmentId: string; node: string; count: number }): number {
      const counts = byEnvironment.get(environmentId) ?? new Map<string, number>();
      byEnvironment.set(environmentId, counts);
      if (count === 0) counts.delete(node);
      else counts.set(node, count);
      return sum(counts);
    },
    all: (): [string, number][] => [...byEnvironment].map(([id, counts]) => [id, sum(counts)]),
  };
}
