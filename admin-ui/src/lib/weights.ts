import type { Weight } from "@lanyard/evaluation";

/** Weights are thousandths of a percent. */
export const TOTAL_WEIGHT = 100_000;

export const percentOf = (weight: number): number => weight / 1000;
export const weightOf = (percent: number): number => Math.round(percent * 1000);

/** `25 %`, `0.001 %`, `33.333 %`: as many digits as it needs; number and sign stay on one line. */
export function formatPercent(weight: number): string {
  return `${percentOf(weight).toLocaleString("en", { maximumFractionDigits: 3 })}\u00a0%`;
}

/**
 * Sets one weight and takes the difference from the others, in proportion to what they have,
 * so that the sum stays 100 %. Where the others have nothing, they share it evenly.
 */
export function setWeight(weights: Weight[], index: number, weight: number): Weight[] {
  const wanted = Math.min(TOTAL_WEIGHT, Math.max(0, Math.round(weight)));
  if (weights.length === 1) return weights.map((entry) => ({ ...entry, weight: TOTAL_WEIGHT }));
  const others = weights.map((entry, at) => (at === index ? 0 : entry.weight));
  const shares = apportion(others, TOTAL_WEIGHT - wanted, index);
  return weights.map((entry, at) => ({ ...entry, weight: at === index ? wanted : (shares[at] ?? 0) }));
}

/** Largest remainders: whole numbers that sum to `total`; `skip` gets none. */
function apportion(parts: number[], total: number, skip: number): number[] {
  const sum = parts.reduce((a, b) => a + b, 0);
  const even = parts.length - 1;
  const exact = parts.map((part, at) => (at === skip ? 0 : sum > 0 ? (part / sum) * total : total / even));
  const whole = exact.map(Math.floor);
  let rest = total - whole.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .filter(({ at }) => at !== skip)
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  for (const { at } of byRemainder) {
    if (rest <= 0) break;
    whole[at] = (whole[at] ?? 0) + 1;
    rest -= 1;
  }
  return whole;
}

/** Even weights for these variations, the remainder on the first ones. */
export function evenWeights(variations: string[]): Weight[] {
  const base = Math.floor(TOTAL_WEIGHT / variations.length);
  const rest = TOTAL_WEIGHT - base * variations.length;
  return variations.map((variation, at) => ({ variation, weight: base + (at < rest ? 1 : 0) }));
}

export interface Move {
  from: string;
  to: string;
  /** Thousandths of a percent of all units. */
  weight: number;
}

/** Who changes variation when one split becomes the other, unit and seed being the same: the largest share first. */
export function movesBetween(before: Weight[], after: Weight[]): Move[] {
  const news = stretches(after);
  return stretches(before)
    .flatMap((old) =>
      news.map((one) => ({
        from: old.variation,
        to: one.variation,
        weight: Math.min(old.end, one.end) - Math.max(old.start, one.start),
      })),
    )
    .filter(({ from, to, weight }) => from !== to && weight > 0)
    .sort((a, b) => b.weight - a.weight);
}

/** Where each variation begins and ends on the scale that units are dealt over. */
function stretches(weights: Weight[]): { variation: string; start: number; end: number }[] {
  let end = 0;
  return weights.map(({ variation, weight }) => {
    const start = end;
    end += weight;
    return { variation, start, end };
  });
}
