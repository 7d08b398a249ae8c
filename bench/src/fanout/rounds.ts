import { median } from "../evaluation/measure.ts";
import type { Seen } from "./streams.ts";

/** Runs both in turns, in the other order every other time, so that no drift of the machine favours one. */
export async function inTurns<Result>(
  rounds: number,
  first: () => Promise<Result>,
  second: () => Promise<Result>,
): Promise<[Result[], Result[]]> {
  const results: [Result[], Result[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) results[0].push(await first());
    results[1].push(await second());
    if (round % 2 === 1) results[0].push(await first());
  }
  return results;
}

/** The middle of the rounds, for each number of a round. */
export function middle(rounds: Seen[]): Seen {
  const of = (name: keyof Seen) => median(rounds.map((round) => round[name]));
  return { p50: of("p50"), p99: of("p99"), max: of("max") };
}
