import { createRateLimit } from "../../http/index.ts";

const KILLS = { points: 60, duration: 60 };

/** Kill sets only grow, so a token in a loop is held back; asking for a flag that nothing holds down never is. */
export const createTokenLimit = () =>
  createRateLimit(KILLS, "These flags are killed already; this token repeats itself.");
