import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 8_000;

/** Asks until the answer is something other than undefined or false. Resolves to it. */
export async function waitFor<Result>(
  what: string,
  ask: () => Promise<Result> | Result,
): Promise<Exclude<Result, undefined | false>> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<Result, undefined | false>;
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms for ${what}`);
    await sleep(10);
  }
}
