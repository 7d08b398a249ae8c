import type { ActorSummary } from "@lanyard/contract";
import type { KillElement } from "@lanyard/evaluation";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { AnyTransaction } from "../../database/database.ts";
import { environments, killElements, liftElements } from "../../database/schema/index.ts";
import { type Elements, type Lift, parseKillId } from "../../fanout/index.ts";
import { inChunks } from "../changes/index.ts";
import { type Missing, missingRows } from "./missing-rows.ts";

export interface By {
  actor: ActorSummary;
  reason: string;
}

/**
 * Never below the time in milliseconds: after an older backup was restored, the next count still differs from every one
 * that a node has seen.
 */
const COUNTED = sql`greatest(${environments.kills} + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)`;

/** By environment. */
export type PerEnvironment<Of extends Elements = Elements> = Map<string, Of>;

/**
 * Merges kills and lifts into the database, whoever else does the same, and moves the counters by which nodes find
 * out. Returns what was missing. The caller holds the project's lock.
 */
export async function mergeElements(
  tx: AnyTransaction,
  news: PerEnvironment,
  by: By,
): Promise<PerEnvironment<Missing>> {
  await lockEnvironments(tx, [...news.keys()]);
  const merged: PerEnvironment<Missing> = new Map();
  for (const [environmentId, elements] of news) {
    const missing = missingRows(await readRows(tx, environmentId, elements), elements);
    if (missing.killed.length + missing.lifted.length === 0) continue;
    await writeKilled(tx, environmentId, missing.killed);
    await writeLifted(tx, environmentId, missing.lifted, by);
    await tx.update(environments).set({ kills: COUNTED }).where(eq(environments.id, environmentId));
    merged.set(environmentId, missing);
  }
  return merged;
}

/** In the order that everybody takes. */
async function lockEnvironments(tx: AnyTransaction, ids: string[]): Promise<void> {
  await tx
    .select({ id: environments.id })
    .from(environments)
    .where(inArray(environments.id, ids))
    .orderBy(asc(environments.id))
    .for("update");
}

/** All rows of the roots that the elements have. */
async function readRows(tx: AnyTransaction, environmentId: string, elements: Elements): Promise<Elements> {
  const roots = [...new Set([...elements.killed, ...elements.lifted].map(({ id }) => parseKillId(id).root))];
  const rows: Elements = { killed: [], lifted: [] };
  await inChunks(roots, async (chunk) => {
    const rootOf = (id: typeof killElements.killId | typeof liftElements.killId) =>
      inArray(sql`split_part(${id}, '-', 1)`, chunk);
    const killed = await tx
      .select({ id: killElements.killId, flag: killElements.flagKey, at: killElements.at })
      .from(killElements)
      .where(and(eq(killElements.environmentId, environmentId), rootOf(killElements.killId)));
    const lifted = await tx
      .select({ id: liftElements.killId, flag: liftElements.flagKey, at: liftElements.at })
      .from(liftElements)
      .where(and(eq(liftElements.environmentId, environmentId), rootOf(liftElements.killId)));
    rows.killed.push(...killed.map(inText));
    rows.lifted.push(...lifted.map(inText));
  });
  return rows;
}

function inText<Row extends { at: Date }>(row: Row) {
  return { ...row, at: row.at.toISOString() };
}

async function writeKilled(tx: AnyTransaction, environmentId: string, killed: KillElement[]): Promise<void> {
  await inChunks(killed, (chunk) =>
    tx
      .insert(killElements)
      .values(
        chunk.map(({ id, flag, at }) => ({ killId: id, environmentId, flagKey: flag, at: new Date(at) })),
      )
      .onConflictDoUpdate({
        target: [killElements.killId, killElements.environmentId, killElements.flagKey],
        set: { at: sql`excluded.at` },
        setWhere: sql`excluded.at > ${killElements.at}`,
      }),
  );
}

async function writeLifted(tx: AnyTransaction, environmentId: string, lifted: Lift[], by: By): Promise<void> {
  const { kind, id: actorId, name } = by.actor;
  await inChunks(lifted, (chunk) =>
    tx
      .insert(liftElements)
      .values(
        chunk.map(({ id, flag, at }) => ({
          killId: id,
          environmentId,
          flagKey: flag,
          at: new Date(at),
          actorKind: kind,
          actorId,
          actorName: name,
          reason: by.reason,
        })),
      )
      .onConflictDoUpdate({
        target: [liftElements.killId, liftElements.environmentId, liftElements.flagKey],
        set: {
          at: sql`excluded.at`,
          actorKind: sql`excluded.actor_kind`,
          actorId: sql`excluded.actor_id`,
          actorName: sql`excluded.actor_name`,
          reason: sql`excluded.reason`,
        },
        setWhere: sql`excluded.at > ${liftElements.at}`,
      }),
  );
}
