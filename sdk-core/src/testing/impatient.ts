/** By milliseconds: how long a client that draws 0.05 waits for a silent server, and until it asks again one that refuses. */
const SHORTENED: Readonly<Record<number, number>> = { 10000: 2_000, 31500: 500 };

/** A `setTimeout` by which the longest waits are short; put in the global one's place, in Node or in a page. */
export function impatient(real: typeof setTimeout): typeof setTimeout {
  const set = (task: () => void, delayMs = 0) => real(task, SHORTENED[delayMs] ?? delayMs);
  return set as typeof setTimeout;
}
