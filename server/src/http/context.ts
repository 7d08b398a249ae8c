import type { Guard } from "../access/index.ts";
import type { Database } from "../database/database.ts";

/** What every router needs to tell who calls and what they may do. */
export interface HttpContext {
  guard: Guard;
  database: Database;
  sessionCookie: string;
}
