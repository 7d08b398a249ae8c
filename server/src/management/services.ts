import type { Logger } from "pino";
import type { Attempts, Guard, Passwords, Vault } from "../access/index.ts";
import type { Database } from "../database/database.ts";
import type { Fanout } from "../fanout/index.ts";
import type { HttpContext } from "../http/index.ts";

/** What the write side is given. */
export interface Surroundings {
  database: Database;
  fanout: Fanout;
  guard: Guard;
  http: HttpContext;
  log: Logger;
  /** Links in invitations begin with it. */
  publicUrl: URL;
  /** Signs and derives; never leaves. */
  secret: string;
  /** For secrets that must be read again. */
  vault: Vault;
}

/** What the write side works with; the first argument of every verb. */
export interface Services extends Surroundings {
  passwords: Passwords;
  attempts: Attempts;
  /** The door's waiting line; one a node. */
  inTurn<Result>(projectId: string, work: () => Promise<Result>): Promise<Result>;
}
