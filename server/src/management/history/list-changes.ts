import type { Change } from "@lanyard/contract";
import { and, asc, desc, eq, gt, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "../../database/database.ts";
import { changes, environments } from "../../database/schema/index.ts";
import { AppError, notFound } from "../../errors.ts";
import { cursorPart, fromCursor, pageOf, toCursor } from "../paging.ts";
import { presentChange } from "./present.ts";

export interface ListChanges {
  flag?: string | undefined;
  segment?: string | undefined;
  environment?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const Cursor = z.tuple([cursorPart.number]);

/** Newest first. */
export async function listChanges(
  reader: Reader,
  projectId: string,
  input: ListChanges,
): Promise<{ items: Change[]; cursor: string | null }> {
  const before = input.cursor === undefined ? undefined : fromCursor(input.cursor, Cursor)[0];
  const rows = await select(
    reader,
    and(
      eq(changes.projectId, projectId),
      input.flag === undefined ? undefined : about("flag", input.flag),
      input.segment === undefined ? undefined : about("segment", input.segment),
      input.environment === undefined ? undefined : await within(reader, projectId, input.environment),
      before === undefined ? undefined : lt(changes.sequence, before),
    ),
  )
    .orderBy(desc(changes.sequence))
    .limit(input.limit + 1);
  const page = pageOf(rows, input.limit, ({ change }) => toCursor(change.sequence));
  return { items: page.items.map(presentChange), cursor: page.cursor };
}

export async function getChange(reader: Reader, projectId: string, id: string): Promise<Change> {
  const [row] = await select(reader, and(eq(changes.projectId, projectId), eq(changes.id, id)));
  if (!row) throw notFound("change");
  return presentChange(row);
}

/** What was recorded after a sequence number, oldest first. */
export async function changesAfter(
  reader: Reader,
  projectId: string,
  sequence: number,
  limit: number,
): Promise<Change[]> {
  const rows = await select(reader, and(eq(changes.projectId, projectId), gt(changes.sequence, sequence)))
    .orderBy(asc(changes.sequence))
    .limit(limit);
  return rows.map(presentChange);
}

function select(reader: Reader, where: SQL | undefined) {
  return reader
    .select({ change: changes, environment: environments.key })
    .from(changes)
    .leftJoin(environments, eq(environments.id, changes.environmentId))
    .where(where);
}

function about(kind: "flag" | "segment", key: string): SQL | undefined {
  return and(eq(changes.subjectKind, kind), eq(changes.subjectKey, key));
}

/** About the environment, or published into it. */
async function within(reader: Reader, projectId: string, key: string): Promise<SQL | undefined> {
  const [environment] = await reader
    .select({ id: environments.id })
    .from(environments)
    .where(and(eq(environments.projectId, projectId), eq(environments.key, key)));
  if (!environment)
    throw new AppError("invalid-input", "There is no such environment.", {
      faults: [{ in: "query", path: "/environment", message: "there is no such environment" }],
    });
  return or(
    eq(changes.environmentId, environment.id),
    sql`jsonb_exists(${changes.revisions}, ${environment.id})`,
  );
}
