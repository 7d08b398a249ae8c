import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { AnyTransaction, Database } from "../../database/database.ts";
import { environments, killElements, kills, liftElements } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import type { Fanout, KillFact } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import { appendChange, inChunks, lockProject } from "../changes/index.ts";

/** `lifted-before`: a kill of that name was lifted before this one was accepted, so this one is another. */
export type Outcome = "recorded" | "lifted-before";

/**
 * Puts an accepted kill into the database and on the record, once, however often and by however many nodes it is
 * tried. It needs no permission: that was decided when the kill was accepted.
 */
export async function recordKill(
  { database, fanout }: { database: Database; fanout: Fanout },
  fact: KillFact,
): Promise<Outcome> {
  if (await isRecorded(database, fact)) return "recorded";
  const done = await database.raw.transaction(async (tx) => {
    const head = await lockProject(tx, fact.projectId);
    if (!head) throw notFound("project");
    if (await wasLiftedBefore(tx, fact)) return { outcome: "lifted-before" as const };
    const fresh = await store(tx, fact);
    if (!fresh) return { outcome: "recorded" as const };
    const sequence = await appendChange(tx, head, {
      id: newId("chg"),
      projectId: fact.projectId,
      actor: fact.actor,
      action: "kill.accepted",
      subject: { kind: "kill", key: fact.id },
      ...soleEnvironment(fact),
      message: fact.reason,
      before: null,
      after: { selector: fact.selector, at: fact.at, expiresAt: fact.expiresAt, elements: fact.elements },
    });
    return { outcome: "recorded" as const, sequence };
  });
  if (done.sequence !== undefined)
    fanout.announce({ type: "recorded", projectId: fact.projectId, sequence: done.sequence });
  return done.outcome;
}

/** Spares the locks where another node was faster. */
async function isRecorded(database: Database, fact: KillFact): Promise<boolean> {
  const [row] = await database.read.select().from(kills).where(eq(kills.id, fact.id));
  return row?.at.toISOString() === fact.at;
}

async function wasLiftedBefore(tx: AnyTransaction, fact: KillFact): Promise<boolean> {
  const acceptedAt = new Date(fact.at);
  const [earlier] = await tx
    .select({ killId: liftElements.killId })
    .from(kills)
    .innerJoin(liftElements, eq(liftElements.killId, kills.id))
    .where(
      and(
        eq(kills.id, fact.id),
        sql`${kills.at} < ${acceptedAt.toISOString()}::timestamptz`,
        sql`${liftElements.at} < ${acceptedAt.toISOString()}::timestamptz`,
        inArray(liftElements.flagKey, [...new Set(fact.elements.map(({ flag }) => flag))]),
      ),
    )
    .limit(1);
  return earlier !== undefined;
}

/** False when everything of it was there, and it does not end later than that said. */
async function store(tx: AnyTransaction, fact: KillFact): Promise<boolean> {
  const environmentIds = [...new Set(fact.elements.map(({ environmentId }) => environmentId))];
  await tx
    .select({ id: environments.id })
    .from(environments)
    .where(inArray(environments.id, environmentIds))
    .orderBy(asc(environments.id))
    .for("update");
  const expiresAt = fact.expiresAt === null ? null : new Date(fact.expiresAt);
  const { actor, id, projectId, reason, selector } = fact;
  const values = { id, projectId, reason, selector, at: new Date(fact.at), expiresAt };
  const [made] = await tx
    .insert(kills)
    .values({ ...values, actorKind: actor.kind, actorId: actor.id, actorName: actor.name })
    .onConflictDoNothing()
    .returning({ id: kills.id });
  const prolonged = !made && (await prolong(tx, id, expiresAt));
  const touched = new Set<string>();
  await inChunks(fact.elements, async (chunk) => {
    const rows = await tx
      .insert(killElements)
      .values(
        chunk.map(({ environmentId, flag }) => ({
          killId: id,
          environmentId,
          flagKey: flag,
          at: new Date(fact.at),
        })),
      )
      .onConflictDoNothing()
      .returning({ environmentId: killElements.environmentId });
    for (const row of rows) touched.add(row.environmentId);
  });
  if (touched.size > 0)
    await tx
      .update(environments)
      .set({ kills: sql`${environments.kills} + 1` })
      .where(inArray(environments.id, [...touched]));
  return touched.size > 0 || prolonged;
}

/** Asked for twice, a kill lasts for the longer of both: a repetition never shortens it. */
async function prolong(tx: AnyTransaction, id: string, expiresAt: Date | null): Promise<boolean> {
  const later = expiresAt
    ? sql`${kills.expiresAt} < ${expiresAt.toISOString()}::timestamptz`
    : sql`${kills.expiresAt} is not null`;
  const prolonged = await tx
    .update(kills)
    .set({ expiresAt })
    .where(and(eq(kills.id, id), later))
    .returning({ id: kills.id });
  return prolonged.length > 0;
}

function soleEnvironment({ elements }: KillFact): { environmentId?: string } {
  const [first] = elements;
  const sole = elements.every(({ environmentId }) => environmentId === first?.environmentId);
  return first && sole ? { environmentId: first.environmentId } : {};
}
