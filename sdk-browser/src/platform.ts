import type { Platform } from "@lanyard/sdk-core";

export const browserPlatform: Platform = {
  // No cookie ever travels; the browser's own cache revalidates the ruleset.
  fetch: (url, init) => fetch(url, { ...init, credentials: "omit", cache: "no-cache" }),
  now: () => performance.now(),
  random: () => Math.random(),
  // `crypto.randomUUID` exists in secure contexts only; this is as unique on plain http too.
  uuid: () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
