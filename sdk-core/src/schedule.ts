import type { Platform } from "./platform.ts";

/** Everything a client does later, by name: never two of a kind, and nothing once closed. */
export interface Schedule {
  /** Replaces what was planned under this name. */
  set(name: string, delayMs: number, task: () => void): void;
  /** As `set`, unless it is planned to come sooner. */
  setSooner(name: string, delayMs: number, task: () => void): void;
  has(name: string): boolean;
  clear(name: string): void;
  close(): void;
}

/** Beyond it platform timers fire at once; waking early for nothing is harmless. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

export function createSchedule(platform: Platform): Schedule {
  const planned = new Map<string, { at: number; cancel: () => void }>();
  let closed = false;

  function clear(name: string): void {
    planned.get(name)?.cancel();
    planned.delete(name);
  }

  function set(name: string, delayMs: number, task: () => void): void {
    clear(name);
    if (closed) return;
    const cancel = platform.after(Math.min(delayMs, MAX_DELAY_MS), () => {
      planned.delete(name);
      task();
    });
    planned.set(name, { at: platform.now() + delayMs, cancel });
  }

  return {
    set,
    clear,
    has: (name) => planned.has(name),
    setSooner(name, delayMs, task) {
      const { at = Infinity } = planned.get(name) ?? {};
      if (platform.now() + delayMs < at) set(name, delayMs, task);
    },
    close() {
      closed = true;
      for (const name of [...planned.keys()]) clear(name);
    },
  };
}
