import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { SnapshotStorage } from "@lanyard/sdk-core";

/** Tells one key from another without giving it away. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

/** Where the snapshot of a key lies in a folder that several may share. */
export function snapshotFileIn(dataDir: string, key: string): string {
  return join(dataDir, `lanyard-${fingerprint(key)}.snapshot`);
}

/** How long what is new may wait; a kill is worth it sooner. */
const WAIT_MS = { change: 10_000, kill: 1_000 };

/**
 * Keeps the last good rules in a file that is replaced whole, readable by its owner only. Its first line says whose
 * key it belongs to: the rules of another environment are worse than none.
 */
export function createSnapshotFile(
  file: string,
  key: string,
  warn: (message: string) => void,
): SnapshotStorage {
  const path = resolve(file);
  const owner = fingerprint(key);
  let newest: string | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (newest !== undefined) {
      const text = newest;
      newest = undefined;
      await replaceFile(path, `${owner}\n${text}`).catch((error: Error) => {
        warn(`the snapshot could not be written: ${error.message}`);
      });
    }
    writing = undefined;
  }

  return {
    plan: (news, schedule, save) => schedule.setSooner("save", WAIT_MS[news], save),
    load() {
      try {
        const text = readFileSync(path, "utf8");
        return text.startsWith(`${owner}\n`) ? text.slice(owner.length + 1) : undefined;
      } catch (error) {
        const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
        if (!missing) warn(`the snapshot could not be read: ${(error as Error).message}`);
        return undefined;
      }
    },
    save(text) {
      newest = text;
      writing ??= writeAll();
      return writing;
    },
  };
}

/** A reader sees the old content or the new, whatever happens to this process or to others that write. */
async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
