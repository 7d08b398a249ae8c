import type { Kill, KillReceipts } from "@lanyard/contract";
import { and, desc, eq, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, requirePermission } from "../../access/index.ts";
import type { Reader } from "../../database/database.ts";
import { killElements, killReceipts, kills, liftElements, projects } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { liftOfElement } from "../live/index.ts";
import { cursorPart, fromCursor, pageOf, toCursor } from "../paging.ts";
import type { Services } from "../services.ts";
import { type KillRow, presentKills } from "./present.ts";

interface Filter {
  project: string;
  active?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
}

const Cursor = z.tuple([cursorPart.moment, cursorPart.text]);

/** Newest first. */
export async function listKills(
  { database }: Services,
  actor: Actor,
  { project, active, cursor, limit }: Filter,
): Promise<{ items: Kill[]; cursor: string | null }> {
  const [found] = await database.read
    .select({ id: projects.id })
    .from(projects)
    .where(eq(projects.key, project));
  if (!found) throw notFound("project");
  const own = requireRead(actor, found.id);
  const rows = await database.read
    .select()
    .from(kills)
    .where(
      and(
        eq(kills.projectId, found.id),
        own,
        cursor === undefined ? undefined : olderThan(cursor),
        active === undefined ? undefined : isActive(active),
      ),
    )
    .orderBy(desc(kills.at), desc(kills.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, ({ at, id }) => toCursor(at.getTime(), id));
  return { ...page, items: await presentKills(database.read, page.items) };
}

export async function getKill(
  services: Services,
  actor: Actor,
  id: string,
): Promise<Kill & { receipts: KillReceipts | null }> {
  const { database, receipts } = services;
  const row = await findKill(services, actor, id);
  const [kill] = await presentKills(database.read, [row]);
  if (!kill) throw notFound("kill");
  const live = receipts.ofKill(id);
  // A node that has just started knows of nobody.
  if (live && live.seen > 0) return { ...kill, receipts: live };
  return { ...kill, receipts: (await keptReceipts(database.read, id)) ?? live };
}

async function keptReceipts(reader: Reader, id: string): Promise<KillReceipts | null> {
  const [row] = await reader.select().from(killReceipts).where(eq(killReceipts.killId, id));
  return row?.receipts ?? null;
}

/** The kill's row, if `actor` may read it; strangers hear `not-found`. */
export async function findKill(
  { database, killSettled }: Pick<Services, "database" | "killSettled">,
  actor: Actor,
  id: string,
): Promise<KillRow> {
  // It may have been answered before PostgreSQL had it: who kills can read and lift at once.
  await killSettled(id);
  const [row] = await database.read.select().from(kills).where(eq(kills.id, id));
  if (!row) throw notFound("kill");
  const own = requireRead(actor, row.projectId);
  if (own && row.actorId !== actor.id) throw notFound("kill");
  return row;
}

/** A kill token reads the answers to its own kills and nothing else. */
function requireRead(actor: Actor, projectId: string): SQL | undefined {
  if (actor.kind !== "kill-token") {
    requirePermission(actor, projectId, "project:read");
    return undefined;
  }
  if (actor.projectId !== projectId) throw notFound("project");
  return and(eq(kills.actorKind, "kill-token"), eq(kills.actorId, actor.id));
}

function isActive(active: boolean): SQL {
  const unlifted = sql`exists (
    select 1 from ${killElements} left join ${liftElements} on ${liftOfElement()}
    where ${killElements.killId} = ${kills.id} and ${isNull(liftElements.killId)})`;
  return active ? unlifted : sql`not ${unlifted}`;
}

function olderThan(cursor: string): SQL | undefined {
  const [at, id] = fromCursor(cursor, Cursor);
  return or(lt(kills.at, at), and(eq(kills.at, at), lt(kills.id, id)));
}
