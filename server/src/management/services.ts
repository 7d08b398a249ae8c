import type { KillReceipts } from "@lanyard/contract";
import type { Logger } from "pino";
import type { Attempts, Guard, Passwords, Vault } from "../access/index.ts";
import type { Database } from "../database/database.ts";
import type { Fanout } from "../fanout/index.ts";
import type { HttpContext } from "../http/index.ts";

/** How kills are being confirmed. */
export interface KillProgress {
  /** Null when nothing of it is kept. */
  ofKill(kill: string): KillReceipts | null;
  /** Told a few times a second of kills whose receipts changed. Returns its end. */
  listen(
    listener: (progress: {
      projectId: string;
      project: string;
      kill: string;
      receipts: KillReceipts;
    }) => void,
  ): () => void;
}

/** Which SDKs are connected to an environment. */
export interface Connected {
  /** How many instances run each, by the name and version that they say, such as `node/1.2.0`. */
  sdks: ReadonlyMap<string | null, number>;
  /** Whether they are those of every node. */
  scope: KillReceipts["scope"];
}

/** What the write side is given. */
export interface Surroundings {
  database: Database;
  fanout: Fanout;
  guard: Guard;
  http: HttpContext;
  log: Logger;
  /** Who has confirmed which kill; what SDKs read keeps it. */
  receipts: KillProgress;
  /** Who is there; pages say no word of it. */
  connected(environmentId: string): Connected;
  /** Resolves once what was accepted of a kill is in the database, or that does not answer. Never rejects. */
  killSettled(kill: string): Promise<void>;
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
