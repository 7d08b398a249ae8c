import type { Platform } from "./platform.ts";

/** Everything a client does later, behind one platform timer. */
export interface Scheduler {
  /** Replaces what was planned under this name. */
  set(name: string, delayMs: number, task: () => void): void;
  /** As `set`, unless it is planned to come sooner. */
  setSooner(name: string, delayMs: number, task: () => void): void;
  clear(name: string): void;
  close(): void;
}

/** Beyond it platform timers fire at once; waking early for nothing is harmless. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function createScheduler(platform: Platform): Scheduler {
  const planned = new Map<string, { at: number; task: () => void }>();
  let cancel: (() => void) | undefined;
  let armedAt = Number.POSITIVE_INFINITY;

  function arm(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { at } of planned.values()) earliest = Math.min(earliest, at);
    // A deadline that moved away keeps its timer: it wakes once for nothing, where liveness would re-arm at every chunk.
    if (earliest >= armedAt) return;
    cancel?.();
    armedAt = earliest;
    cancel = platform.after(Math.min(MAX_DELAY_MS, Math.max(0, earliest - platform.now())), wake);
  }

  function wake(): void {
    armedAt = Number.POSITIVE_INFINITY;
    cancel = undefined;
    const now = platform.now();
    for (const [name, { at, task }] of [...planned]) {
      // Platform timers may fire a fraction of a millisecond early.
      if (at <= now + 1 && planned.get(name)?.at === at) {
        planned.delete(name);
        task();
      }
    }
    arm();
  }

  function set(name: string, delayMs: number, task: () => void): void {
    planned.set(name, { at: platform.now() + delayMs, task });
    arm();
  }

  return {
    set,
    setSooner(name, delayMs, task) {
      const at = planned.get(name)?.at ?? Number.POSITIVE_INFINITY;
      if (platform.now() + delayMs < at) set(name, delayMs, task);
    },
    clear: (name) => void planned.delete(name),
    close() {
      planned.clear();
      cancel?.();
      cancel = undefined;
    },
  };
}
