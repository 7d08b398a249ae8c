import { createRateLimit } from "../../http/index.ts";

const DRILLS = { points: 12, duration: 60 };

/** A drill asks every instance of an environment for a word: those on request are paced, whoever asks. */
export const createDrillLimit = () =>
  createRateLimit(DRILLS, "The kill lane was tried several times in the last minute.");
