/** A node that has not repeated its word for so long is gone, and what it spoke of with it. */
const FORGET_AFTER_MS = 35_000;

/** What each node said last of each environment. */
export function createNodeWords<Word>(now: () => number = () => performance.now()) {
  const byEnvironment = new Map<string, Map<string, { word: Word; at: number }>>();
  return {
    /** Undefined when the node has nothing to say any more. */
    note(environmentId: string, node: string, word: Word | undefined): void {
      const words = byEnvironment.get(environmentId) ?? new Map<string, { word: Word; at: number }>();
      byEnvironment.set(environmentId, words);
      if (word === undefined) words.delete(node);
      else words.set(node, { word, at: now() });
    },
    of(environmentId: string): Word[] {
      const words = byEnvironment.get(environmentId);
      for (const [node, { at }] of words ?? []) if (now() - at > FORGET_AFTER_MS) words?.delete(node);
      return [...(words?.values() ?? [])].map(({ word }) => word);
    },
    environments: (): string[] => [...byEnvironment.keys()],
  };
}
