import type { ExtractTablesWithRelations } from "drizzle-orm";
import type {
  PgDatabase,
  PgDeleteBase,
  PgInsertBuilder,
  PgQueryResultHKT,
  PgUpdateBuilder,
} from "drizzle-orm/pg-core";
import type * as schema from "./schema/index.ts";

type Schema = typeof schema;

/** PostgreSQL through a pool, or PGlite in a folder: the same queries run on both. */
export type AnyDatabase = PgDatabase<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;
/** What runs in one; there is none within another. */
export type AnyTransaction = Omit<AnyDatabase, "transaction">;

/** Reading only; what almost all code is given. */
export type Reader = Pick<AnyDatabase, "select" | "selectDistinct" | "selectDistinctOn" | "$with" | "with">;

declare const recorded: unique symbol;
/** A transaction that will leave a record; only the door for writes (`management/changes`) makes one. */
export type Transaction = AnyTransaction & { readonly [recorded]: true };

/** The named exceptions to the door: their writes are no project state, so they leave no record. */
type UnrecordedTable =
  | Schema["accounts"]
  | Schema["sessions"]
  | Schema["instance"]
  | Schema["usageMinutes"]
  | Schema["metricMinutes"]
  | Schema["usageBatches"]
  | Schema["killReceipts"]
  | Schema["drills"]
  | Schema["kills"]
  | Schema["killElements"]
  | Schema["liftElements"];

/** Writes to the unrecorded tables only; another table does not compile. */
export interface UnrecordedWriter extends Reader {
  insert<T extends UnrecordedTable>(table: T): PgInsertBuilder<T, PgQueryResultHKT>;
  update<T extends UnrecordedTable>(table: T): PgUpdateBuilder<T, PgQueryResultHKT>;
  delete<T extends UnrecordedTable>(table: T): PgDeleteBase<T, PgQueryResultHKT>;
  execute: AnyTransaction["execute"];
}

export interface Database {
  readonly kind: "postgres" | "pglite";
  readonly read: Reader;
  /** One transaction over the named exceptions. */
  unrecorded<Result>(work: (tx: UnrecordedWriter) => Promise<Result>): Promise<Result>;
  /** For the door. */
  transaction<Result>(work: (tx: AnyTransaction) => Promise<Result>): Promise<Result>;
  /** Single statements beside all that: they wait for PostgreSQL even when it is away, as the counters' poll must. */
  readonly raw: Omit<AnyDatabase, "transaction">;
  /**
   * What the poll found. While PostgreSQL does not answer, whoever waits for `read`, or for a transaction that is not being
   * committed, hears so at once instead of after a statement's limit.
   */
  found(answers: boolean): void;
  /** Calls back when any node sends NOTIFY on `channel`; again after every lost connection. Returns its end. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
