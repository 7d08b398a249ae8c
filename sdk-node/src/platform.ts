import { randomUUID } from "node:crypto";
import type { Platform } from "@lanyard/sdk-core";

/** Looked up at each call, so that instrumentation installed later is seen. */
export const nodePlatform: Platform = {
  fetch: (url, init) => fetch(url, init),
  now: () => performance.now(),
  random: () => Math.random(),
  uuid: () => randomUUID(),
  after(delayMs, task, hold = false) {
    const timer = setTimeout(task, delayMs);
    if (!hold) timer.unref();
    return () => clearTimeout(timer);
  },
};
