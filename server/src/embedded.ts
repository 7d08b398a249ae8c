import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { AppError } from "./errors.ts";

/** Two processes on one embedded database corrupt it without an error, so one holds a lock; a stale one is taken over. */
export async function lockDataFolder(dataDir: string): Promise<() => Promise<void>> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    return await lock(dataDir, {
      lockfilePath: join(dataDir, "lock"),
      stale: 10_000,
      update: 2_000,
      retries: { retries: 12, minTimeout: 1_000, maxTimeout: 1_000 },
    });
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `Another Lanyard runs on ${dataDir}. Stop it, or give this one another DATA_DIR; several nodes need DATABASE_URL.`,
      { cause },
    );
  }
}
