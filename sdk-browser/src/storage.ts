import type { Core, SnapshotStorage } from "@lanyard/sdk-core";

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
 * nothing of the last one's. For nobody, nothing is kept. It waits until the page is left: writing it holds this page and others.
 */
export function createShelf(name: string, owner: () => unknown): SnapshotStorage {
  const mark = (): string | undefined => JSON.stringify(owner() || undefined);
  return {
    load() {
      const [kept, text] = recall(name).split("\n");
      if (kept === mark()) return text;
      keep(name, "");
      return undefined;
    },
    save(text) {
      if (mark()) keep(name, `${mark()}\n${text}`);
    },
  };
}

/** Keeps the active kills, which are few and everybody's, at once: a page that ends without being left starts with them. */
export function keepKills(name: string, { life, store }: Core): void {
  try {
    store.kill(JSON.parse(recall(name)));
  } catch {
    // Nothing is kept, or it is damaged.
  }
  life.on("kill", () => keep(name, JSON.stringify({ elements: store.kills.active() })));
}
