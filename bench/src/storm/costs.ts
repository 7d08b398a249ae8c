import type { Costs } from "./node.ts";

/** What a node's one thread spends, in milliseconds; `docs/scale.md` says how they were measured. */
export const COSTS: Costs = { openMs: 0.5, refuseMs: 0.15, pollMs: 0.55 };
