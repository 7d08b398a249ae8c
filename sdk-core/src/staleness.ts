import type { Platform } from "./platform.ts";
import type { Schedule } from "./schedule.ts";
import type { Standing } from "./standing.ts";
import type { Store } from "./store.ts";

/**
 * Applies what flags say about outliving contact. The returned function is called whenever contact comes or goes: it
 * turns off what has waited too long, and plans the next look. `beforeChange` runs while reasons still mean what they
 * meant when they were counted.
 */
export function createStaleness(
  platform: Platform,
  schedule: Schedule,
  store: Store,
  standing: Standing,
  beforeChange: () => void,
): () => void {
  const startedAt = platform.now();
  let isAnyExpired = false;

  return function review(): void {
    const ageMs = standing.ageMs();
    const sinceMs = ageMs < Infinity ? ageMs : platform.now() - startedAt;
    const expired = new Set<string>();
    let nextMs = Infinity;
    for (const key of standing.hasContact() ? [] : store.evaluator.keys()) {
      const policy = store.evaluator.flag(key)?.stale;
      if (policy?.then !== "off") continue;
      const leftMs = policy.afterSeconds * 1000 - sinceMs;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      else expired.add(key);
    }
    if (nextMs < Infinity) schedule.set("stale", nextMs, review);
    else schedule.clear("stale");
    if (expired.size > 0 || isAnyExpired) {
      beforeChange();
      store.expire(expired);
      isAnyExpired = expired.size > 0;
    }
  };
}
