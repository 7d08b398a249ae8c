import type { SnapshotStorage } from "@lanyard/sdk-core";
import type { Shelf } from "./storage.ts";
import type { Visitor } from "./visitor.ts";

/**
 * Keeps the last good rules under the key, for one visitor at a time, named in the first line. The next user of a
 * shared machine finds nothing of the last one's.
 */
export function createSnapshotShelf(shelf: Shelf, key: string, visitor: Visitor): SnapshotStorage {
  const name = `lanyard:${key}`;
  const owner = (): string => `${JSON.stringify(visitor.context.targetingKey)}\n`;
  return {
    load() {
      const kept = shelf.read(name);
      return kept?.startsWith(owner()) ? kept.slice(owner().length) : undefined;
    },
    save(text) {
      // Removed first: where the new text does not fit, the old one must not stay behind.
      shelf.write(name, undefined);
      shelf.write(name, owner() + text);
    },
  };
}
