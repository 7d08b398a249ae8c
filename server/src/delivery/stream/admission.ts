import type { Audience } from "../ruleset/index.ts";

/** New streams a second; ten thousand clients that come back at once are let in over ten seconds. */
const OPENS_PER_SECOND = 1_000;
const BURST = 2_000;

/** How fast streams are opened: what is let in at once is served fast, and the others are told when to come. */
export interface Admission {
  /** Whether one more comes in now. */
  enters(): boolean;
  /** The same for one who is told if not: seconds after which to come again; undefined to come in. */
  askedToWait(): number | undefined;
}

export function createAdmission(
  now: () => number = () => performance.now(),
  random: () => number = Math.random,
): Admission {
  let tokens = BURST;
  let refilledAt = now();
  /** Streams refused since the tokens ran out: those who wait are spread over the time that they all need. */
  let waiting = 0;
  const enters = () => {
    const at = now();
    tokens = Math.min(BURST, tokens + ((at - refilledAt) / 1_000) * OPENS_PER_SECOND);
    refilledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    waiting = Math.max(0, waiting - 1);
    return true;
  };
  return {
    enters,
    askedToWait() {
      if (enters()) return undefined;
      waiting += 1;
      return 1 + Math.floor(random() * (1 + waiting / OPENS_PER_SECOND));
    },
  };
}

/** Apart, so that nobody with a page's public key can keep servers waiting. */
export function createAdmissions(): Record<Audience, Admission> {
  return { server: createAdmission(), client: createAdmission() };
}
