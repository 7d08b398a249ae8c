/**
 * By milliseconds: how long a client that draws 0.05 waits for a silent server, for the rest of an answer and for the
 * next heartbeat, and until it asks again one that refuses.
 */
const SHORTENED: Readonly<Record<number, number>> = { 10000: 2_000, 30000: 3_000, 45000: 3_000, 31500: 500 };

/** A `setTimeout` by which the longest waits are short; put in the global one's place, in Node or in a page. */
export function impatient(real: typeof setTimeout): typeof setTimeout {
  const set = (task: () => void, delayMs = 0, ...given: unknown[]) =>
    real(task as (...given: unknown[]) => void, SHORTENED[delayMs] ?? delayMs, ...given);
  return set as typeof setTimeout;
}
