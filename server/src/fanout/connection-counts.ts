import { createNodeWords } from "./node-words.ts";

/** SDK streams that are open, summed over nodes as each last said. */
export function createConnectionCounts() {
  const words = createNodeWords<number>();
  const of = (environmentId: string) => words.of(environmentId).reduce((sum, count) => sum + count, 0);
  return {
    /** Takes a node's word and returns the new sum. */
    note({ environmentId, node, count }: { environmentId: string; node: string; count: number }): number {
      words.note(environmentId, node, count === 0 ? undefined : count);
      return of(environmentId);
    },
    of,
    all: (): [string, number][] => words.environments().map((id) => [id, of(id)]),
  };
}
