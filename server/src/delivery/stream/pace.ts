import type { Audience } from "../ruleset/index.ts";

/** How those who hear of a kill confirm it: at a random moment of a window, all of them or a share. */
export interface Pace {
  confirmWithinMs: number;
  /** Absent: everybody. */
  confirmShare?: number;
}

/** Up to `atOnce` confirm immediately, up to `all` every one, a millisecond for each; beyond it as many as that. */
const LIMITS: Record<Audience, { atOnce: number; all: number }> = {
  server: { atOnce: 500, all: 10_000 },
  // Of pages a few are enough to see that and how fast a kill arrives.
  client: { atOnce: 100, all: 100 },
};

/** So that about a thousand receipts a second come back, whatever the number of streams. */
export function paceOf(audience: Audience, streams: number): Pace {
  const { atOnce, all } = LIMITS[audience];
  const confirming = Math.min(streams, all);
  return {
    confirmWithinMs: confirming <= atOnce ? 0 : confirming,
    ...(streams > all && { confirmShare: all / streams }),
  };
}
