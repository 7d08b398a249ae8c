import type { RequestHandler } from "express";
import { AppError } from "../errors.ts";
import type { Fanout } from "../fanout/index.ts";

/** Says at once, before anything else is done, that the database is away. */
export function requireDatabase(fanout: Fanout): RequestHandler {
  return function requireDatabase(_req, _res, next) {
    if (fanout.databaseUp) next();
    else
      throw new AppError("unavailable", "The database does not answer; kills and SDK streams go on.", {
        retryAfterSeconds: 2,
      });
  };
}
