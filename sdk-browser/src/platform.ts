import type { Platform } from "@lanyard/sdk-core";

export const browserPlatform: Platform = {
  // No cookie ever travels; the browser's own cache revalidates the ruleset.
  fetch: (url, init) => fetch(url, { ...init, credentials: "omit", cache: "no-cache" }),
  now: () => performance.now(),
  random: () => Math.random(),
  uuid,
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** `crypto.randomUUID` exists in secure contexts only; this works on plain http too. */
function uuid(): string {
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    return (Number(digit) ^ (byte & (15 >> (Number(digit) / 4)))).toString(16);
  });
}
