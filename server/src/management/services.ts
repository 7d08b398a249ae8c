import type { Guard } from "../access/index.ts";
import type { Database } from "../database/database.ts";
import type { Fanout } from "../fanout/index.ts";
import type { HttpContext } from "../http/index.ts";

/** What the write side works with; the first argument of every verb. */
export interface Services {
  database: Database;
  fanout: Fanout;
  guard: Guard;
  http: HttpContext;
  /** Links in invitations begin with it. */
  publicUrl: URL;
}
