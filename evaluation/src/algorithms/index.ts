import { hashState, murmur3, scale, TOTAL_WEIGHT } from "../hash.ts";
import type { AlgorithmModule } from "../operators/modules.ts";
import { sha1 } from "./sha1.ts";

export type { AlgorithmModule } from "../operators/modules.ts";

/** What Unleash draws variants with. */
const UNLEASH_VARIANT_SEED = 86028157;
/** What Unleash's variant weights sum to. */
const UNLEASH_VARIANT_TOTAL = 1_000;

function unleashModule(name: string, start: number, total: number): AlgorithmModule {
  return {
    name,
    prepare(seed) {
      const state = hashState(`${seed}:`, start);
      // Unleash counts from one and takes who is not above the percentage, which is the same as below it from zero.
      return (unit) => (((murmur3(unit, state) >>> 0) % total) * TOTAL_WEIGHT) / total;
    },
  };
}

/** Unleash's rollout, in whole percents; the seed is the group. */
export const unleash = unleashModule("unleash", 0, 100);

/** Unleash's choice among variants whose weights sum to 1000; the seed is the group. */
export const unleashVariant = unleashModule("unleash-variant", UNLEASH_VARIANT_SEED, UNLEASH_VARIANT_TOTAL);

/** LaunchDarkly's rollout; the seed is `key.salt`, or an experiment's seed. */
export const launchdarkly: AlgorithmModule = {
  name: "launchdarkly",
  prepare: (seed) => (unit) => {
    const [high = 0, low = 0] = sha1(`${seed}.${unit}`);
    const share = (high * 2 ** 28 + (low >>> 4)) / 2 ** 60;
    // As a double, its divisor 0xFFFFFFFFFFFFFFF is 2^60; the very last unit would fall past the end.
    return Math.min(share * TOTAL_WEIGHT, TOTAL_WEIGHT - 1e-9);
  },
};

/** flagd's fractional operator, second generation; the seed is the flag's key. */
export const flagd: AlgorithmModule = {
  name: "flagd",
  prepare(seed) {
    const state = hashState(seed);
    return (unit) => scale(murmur3(unit, state));
  },
};

/** Every algorithm but the native one. */
export const algorithms: readonly AlgorithmModule[] = [unleash, unleashVariant, launchdarkly, flagd];
