import { inArray } from "drizzle-orm";
import { apiKeys } from "../../database/schema/index.ts";
import type { Services } from "../services.ts";

const EVERY_MS = 60_000;

/**
 * Writes down, each minute, which keys were used. Not through the door: nobody decided anything, and a record of
 * every minute of every key would bury what people did.
 */
export function noteKeyUse(services: Services): () => Promise<void> {
  const flush = async () => {
    const ids = services.guard.keys.takeUsed();
    if (ids.length === 0) return;
    await services.database.raw
      .update(apiKeys)
      .set({ lastUsedAt: new Date() })
      .where(inArray(apiKeys.id, ids));
  };
  const quietly = () =>
    flush().catch((error: unknown) => services.log.warn({ err: error }, "key use not noted"));
  const timer = setInterval(() => void quietly(), EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await quietly();
  };
}
