import type { ExtractTablesWithRelations } from "drizzle-orm";
import type {
  PgDatabase,
  PgDeleteBase,
  PgInsertBuilder,
  PgQueryResultHKT,
  PgTransaction,
  PgUpdateBuilder,
} from "drizzle-orm/pg-core";
import type * as schema from "./schema/index.ts";

type Schema = typeof schema;

/** PostgreSQL through a pool, or PGlite in a folder: the same queries run on both. */
export type AnyDatabase = PgDatabase<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;
export type AnyTransaction = PgTransaction<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;

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
  /** For the door, migrations and the counters' poll. */
  readonly raw: AnyDatabase;
  /** Calls back when any node sends NOTIFY on `channel`; again after every lost connection. Returns its end. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
