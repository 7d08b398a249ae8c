import { and, desc, eq, inArray, like, or, sql } from "drizzle-orm";
import type { AnyTransaction, Database, Reader } from "../../database/database.ts";
import { killElements, kills, liftElements } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import { type Fact, type Fanout, type KillFact, killId, parseKillId } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import { appendChange, lockProject } from "../changes/index.ts";
import { liftOfElement } from "../live/index.ts";
import { type By, mergeElements, type PerEnvironment } from "./merge-elements.ts";
import type { Continued, Missing } from "./missing-rows.ts";

const OVERTAKEN = "overtaken by a newer kill or lift of the same";

/**
 * Puts an accepted kill or lift into the database and on the record, once, however often and by however many nodes it
 * is tried. It needs no permission: that was decided when it was accepted.
 */
export async function recordFact(
  { database, fanout }: { database: Database; fanout: Fanout },
  fact: Fact,
): Promise<Recorded> {
  if (await isRecorded(database, fact)) return recorded(database.read, fact, fact.id);
  const { sequence, ...result } = await database.transaction(async (tx) => {
    const head = await lockProject(tx, fact.projectId);
    if (!head) throw notFound("project");
    const merged = await mergeElements(tx, elementsOf(fact), byOf(fact));
    const prolonged = await describeKills(tx, fact, merged);
    const id = newestId(fact, merged);
    const isLine = isNews(fact, merged) || prolonged;
    const sequence = isLine ? await appendChange(tx, head, lineOf(fact, id)) : undefined;
    return { ...(await recorded(tx, fact, id)), sequence };
  });
  if (sequence !== undefined) fanout.announce({ type: "recorded", projectId: fact.projectId, sequence });
  return result;
}

/** How what was recorded stands now. */
export interface Recorded {
  /** Of the kill: one that proves to have been lifted before it was accepted goes on under the next. */
  id: string;
  /** When the kill ends by itself, RFC 3339. */
  expiresAt: string | null;
  /** What of it holds no more under any id, and when it was lifted. */
  over: (Fact["elements"][number] & { at: string })[];
}

async function recorded(reader: Reader, fact: Fact, id: string): Promise<Recorded> {
  if (fact.kind === "lift") return { id, expiresAt: null, over: [] };
  const [kill] = await reader.select({ expiresAt: kills.expiresAt }).from(kills).where(eq(kills.id, id));
  const { root } = parseKillId(id);
  const over = await reader
    .select({
      environmentId: killElements.environmentId,
      flag: killElements.flagKey,
      at: sql`max(${liftElements.at})`.mapWith(liftElements.at),
    })
    .from(killElements)
    .leftJoin(liftElements, liftOfElement())
    .where(
      and(
        inArray(killElements.environmentId, [...elementsOf(fact).keys()]),
        sql`split_part(${killElements.killId}, '-', 1) = ${root}`,
      ),
    )
    .groupBy(killElements.environmentId, killElements.flagKey)
    .having(sql`bool_and(${liftElements.killId} is not null)`);
  const asked = new Set(fact.elements.map(nameOf));
  return {
    id,
    expiresAt: kill?.expiresAt?.toISOString() ?? null,
    over: over
      .filter((element) => asked.has(nameOf(element)))
      .map((element) => ({ ...element, at: element.at.toISOString() })),
  };
}

function nameOf({ environmentId, flag }: Fact["elements"][number]): string {
  return `${environmentId}\n${flag}`;
}

/** Spares the locks where another node was faster. */
async function isRecorded(database: Database, fact: Fact): Promise<boolean> {
  if (fact.kind === "lift") return false;
  const rows = await database.read
    .select({ expiresAt: kills.expiresAt, element: killElements, lift: liftElements.killId })
    .from(kills)
    .innerJoin(killElements, eq(killElements.killId, kills.id))
    .leftJoin(liftElements, liftOfElement())
    .where(eq(kills.id, fact.id));
  const lasts = (expiresAt: Date | null) =>
    expiresAt === null || (fact.expiresAt !== null && expiresAt.toISOString() >= fact.expiresAt);
  return fact.elements.every(({ environmentId, flag }) =>
    rows.some(
      ({ element, lift, expiresAt }) =>
        lift === null &&
        lasts(expiresAt) &&
        element.environmentId === environmentId &&
        element.flagKey === flag &&
        element.at.toISOString() >= fact.at,
    ),
  );
}

export function elementsOf({ kind, id, at, elements }: Fact): PerEnvironment {
  const grouped: PerEnvironment = new Map();
  for (const { environmentId, flag } of elements) {
    const known = grouped.get(environmentId) ?? { killed: [], lifted: [] };
    known[kind === "kill" ? "killed" : "lifted"].push({ id, flag, at });
    grouped.set(environmentId, known);
  }
  return grouped;
}

/** Who ends what the fact ends: a kill lifts nothing, but what is over goes with a word of its own. */
function byOf({ kind, actor, reason }: Fact): By {
  return { actor, reason: kind === "kill" ? OVERTAKEN : reason };
}

/** Says who killed and why, for every id that has elements now. True when a kill lasts longer than it did. */
async function describeKills(
  tx: AnyTransaction,
  fact: Fact,
  merged: PerEnvironment<Missing>,
): Promise<boolean> {
  const all = [...merged.values()];
  const ids = new Set(all.flatMap(({ killed }) => killed.map(({ id }) => id)));
  let prolonged = false;
  if (fact.kind === "lift") for (const id of ids) await copyKill(tx, fact.id, id);
  else for (const id of ids.add(fact.id)) prolonged = (await describeKill(tx, id, fact)) || prolonged;
  const moves = new Map(
    all.flatMap(({ continued }) => continued).map((each) => [`${each.from} ${each.to}`, each]),
  );
  for (const move of moves.values()) await outlast(tx, move);
  return prolonged;
}

async function describeKill(tx: AnyTransaction, id: string, fact: KillFact): Promise<boolean> {
  const expiresAt = fact.expiresAt === null ? null : new Date(fact.expiresAt);
  const { actor, projectId, reason, selector } = fact;
  const [made] = await tx
    .insert(kills)
    .values({
      id,
      projectId,
      reason,
      selector,
      at: new Date(fact.at),
      expiresAt,
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
    })
    .onConflictDoNothing()
    .returning({ id: kills.id });
  return !made && prolong(tx, id, expiresAt);
}

/** Asked for twice, a kill lasts for the longer of both: a repetition never shortens it. */
async function prolong(tx: AnyTransaction, id: string, expiresAt: Date | null): Promise<boolean> {
  const later = expiresAt
    ? sql`${kills.expiresAt} < ${expiresAt.toISOString()}::timestamptz`
    : sql`${kills.expiresAt} is not null`;
  const prolonged = await tx
    .update(kills)
    .set({ expiresAt })
    .where(sql`${kills.id} = ${id} and ${later}`)
    .returning({ id: kills.id });
  return prolonged.length > 0;
}

/** What goes on under another id lasts no shorter than it was to last under its own. */
async function outlast(tx: AnyTransaction, { from, to }: Continued): Promise<void> {
  const [before] = await tx.select({ expiresAt: kills.expiresAt }).from(kills).where(eq(kills.id, from));
  if (before) await prolong(tx, to, before.expiresAt);
}

/** A kill that was accepted after the lift of its id goes on under another, with the same words. */
async function copyKill(tx: AnyTransaction, from: string, to: string): Promise<void> {
  const { root } = parseKillId(from);
  const [newest] = await tx
    .select()
    .from(kills)
    .where(or(eq(kills.id, root), like(kills.id, `${root}-%`)))
    .orderBy(desc(kills.at))
    .limit(1);
  if (newest)
    await tx
      .insert(kills)
      .values({ ...newest, id: to })
      .onConflictDoNothing();
}

/** The last of the ids that the kill has now. */
function newestId(fact: Fact, merged: PerEnvironment<Missing>): string {
  const ids = [...merged.values()].flatMap(({ killed }) => killed.map(({ id }) => id));
  const after = Math.max(...[fact.id, ...ids].map((id) => parseKillId(id).after));
  return killId({ root: parseKillId(fact.id).root, after });
}

/** A repetition is none. */
export function isNews({ kind }: Fact, merged: PerEnvironment<Missing>): boolean {
  return [...merged.values()].some(({ isNewKill, lifted }) =>
    kind === "kill" ? isNewKill : lifted.length > 0,
  );
}

function lineOf(fact: Fact, id: string) {
  const { projectId, actor, reason: message, at, elements } = fact;
  const after =
    fact.kind === "kill"
      ? { selector: fact.selector, at, expiresAt: fact.expiresAt, elements }
      : { at, lifted: elements };
  const [first] = elements;
  const sole = elements.every(({ environmentId }) => environmentId === first?.environmentId);
  return {
    id: newId("chg"),
    projectId,
    actor,
    action: actionOf(fact),
    subject: { kind: "kill", key: id },
    ...(first && sole && { environmentId: first.environmentId }),
    message,
    before: null,
    after,
  };
}

function actionOf({ kind, actor }: Fact) {
  if (kind === "kill") return "kill.accepted" as const;
  return actor.kind === "kill-token"
    ? ("kill.lifted-on-resolve" as const)
    : ("kill.lifted-as-break-glass" as const);
}
