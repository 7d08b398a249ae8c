import type { SnapshotStorage } from "@lanyard/sdk-core";

/** Local storage may be missing, forbidden or full: none of that is an error. */
export function recall(name: string): string {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** Replaces what is kept under the name; where the new text does not fit, the old one is gone all the same. */
export function keep(name: string, text: string): void {
  try {
    localStorage.removeItem(name);
    localStorage.setItem(name, text);
  } catch {
    // As above.
  }
}

/**
 * Keeps the last good rules for one visitor at a time, named in the first line: the next user of a shared machine finds
 * nothing of the last one's. For nobody, nothing is kept. Changes wait until the page is left: writing them would hold it.
 */
export function createShelf(name: string, owner: () => unknown): SnapshotStorage {
  const mark = (): string | undefined => JSON.stringify(owner());
  return {
    load() {
      const [kept, ...text] = recall(name).split("\n");
      return kept === mark() ? text.join("\n") : undefined;
    },
    save(text) {
      if (mark()) keep(name, `${mark()}\n${text}`);
    },
  };
}
