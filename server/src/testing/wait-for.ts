import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 15_000;

/** Asks until the answer is something other than undefined or false. Resolves to it. */
export async function waitFor<Result>(
  what: string,
  ask: () => Promise<Result> | Result,
  patienceMs = PATIENCE_MS,
): Promise<Exclude<Result, undefined | false>> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<Result, undefined | false>;
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs} ms for ${what}`);
    await sleep(10);
  }
}
