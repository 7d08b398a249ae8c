import type { Kill } from "@lanyard/contract";
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Actor, requirePermission, summary } from "../../access/index.ts";
import type { Transaction } from "../../database/database.ts";
import { environments, killElements, liftElements } from "../../database/schema/index.ts";
import { AppError, invalidBody, notFound } from "../../errors.ts";
import { type Fanout, type Lift, timeOfLift } from "../../fanout/index.ts";
import { applyChange, type EnvironmentRow, requireReason } from "../changes/index.ts";
import { liftOfElement } from "../live/index.ts";
import type { Services } from "../services.ts";
import { mergeElements } from "./merge-elements.ts";
import { presentKills, stillKilledBy } from "./present.ts";
import { findKill } from "./read-kills.ts";

type Element = Pick<typeof killElements.$inferSelect, "environmentId" | "flagKey" | "at">;

/** By environment. */
type Lifted = Map<string, Lift[]>;

interface LiftRequest {
  kill: string;
  flags?: string[] | undefined;
  environments?: string[] | undefined;
  reason: string;
}

/** Ends a kill for all or some of its flags. It needs the database: nothing comes back on by accident. */
export async function liftKill(services: Services, actor: Actor, request: LiftRequest) {
  if (actor.kind === "kill-token")
    throw new AppError("forbidden", "A kill token cannot lift; ask somebody who may.");
  const row = await findKill(services, actor, request.kill);
  requirePermission(actor, row.projectId, "kill:lift");
  const { lifted, covered } = await applyChange(services, actor, {
    projectId: row.projectId,
    permission: "kill:lift",
    action: "kill.lifted",
    message: request.reason,
    async edit(tx, { environments: locked }) {
      const covered = await coveredElements(tx, request);
      for (const { environmentId } of covered)
        requirePermission(actor, row.projectId, "kill:lift", environmentId);
      const open = covered.filter((element) => !element.lifted);
      if (open.length === 0) return { unchanged: { lifted: new Map(), covered } };
      const { reason } = request;
      const touched = locked.filter(({ id }) => open.some(({ environmentId }) => environmentId === id));
      requireReason(touched, { path: "/reason", reason });
      const until = await clockOf(tx);
      const lifted = await writeLifts(tx, actor, { killId: row.id, elements: open, reason, until });
      return { ...describeLift(row.id, open, locked), result: { lifted, covered } };
    },
  });
  announceLifted(services.fanout, lifted);
  const [kill] = await presentKills(services.database.read, [row]);
  return { kill: kill as Kill, stillKilledBy: await stillKilledBy(services.database.read, covered) };
}

/** The elements that the request is about; throws when it names any that the kill does not have. */
async function coveredElements(tx: Transaction, request: LiftRequest) {
  const all = await tx
    .select({
      environmentId: killElements.environmentId,
      flagKey: killElements.flagKey,
      at: killElements.at,
      environment: environments.key,
      liftId: liftElements.killId,
    })
    .from(killElements)
    .innerJoin(environments, eq(environments.id, killElements.environmentId))
    .leftJoin(liftElements, liftOfElement())
    .where(eq(killElements.killId, request.kill));
  if (all.length === 0) throw notFound("kill");
  const unknown = [
    ...namesNotIn("flags", request.flags, new Set(all.map(({ flagKey }) => flagKey))),
    ...namesNotIn("environments", request.environments, new Set(all.map(({ environment }) => environment))),
  ];
  if (unknown.length > 0) throw invalidBody(unknown);
  return all
    .filter(({ flagKey }) => !request.flags || request.flags.includes(flagKey))
    .filter(({ environment }) => !request.environments || request.environments.includes(environment))
    .map(({ liftId, ...element }) => ({ ...element, lifted: liftId !== null }));
}

function namesNotIn(field: string, names: string[] | undefined, known: Set<string>) {
  return (names ?? []).flatMap((name, index) =>
    known.has(name) ? [] : [{ path: `/${field}/${index}`, message: "the kill does not cover it" }],
  );
}

/** How a lift is told on the record: each flag with its environment. */
export function describeLift(killId: string, elements: Element[], locked: EnvironmentRow[]) {
  const [first] = elements;
  const isSole = elements.every(({ environmentId }) => environmentId === first?.environmentId);
  const lifted = elements.map(({ environmentId, flagKey }) => ({
    environment: locked.find(({ id }) => id === environmentId)?.key,
    flag: flagKey,
  }));
  return {
    subject: { kind: "kill", key: killId },
    ...(first && isSole && { environmentId: first.environmentId }),
    before: null,
    after: { lifted },
  };
}

interface Ending {
  killId: string;
  /** Open ones. */
  elements: Element[];
  reason: string;
  /** Ends also what was killed until then and is not known yet, in epoch milliseconds; 0 for nothing of that kind. */
  until: number;
}

/**
 * Lifts open elements of a kill. The lift counts as later than what it ends, though the clock of the node that killed
 * may have been ahead.
 */
export async function writeLifts(
  tx: Transaction,
  actor: Actor,
  { killId, elements, reason, until }: Ending,
): Promise<Lifted> {
  const lifted: Lifted = new Map();
  for (const { environmentId, flagKey: flag, at: killedAt } of elements) {
    const at = timeOfLift(until, [killedAt.getTime()]);
    lifted.set(environmentId, [...(lifted.get(environmentId) ?? []), { id: killId, flag, at }]);
  }
  const news = new Map(
    [...lifted].map(([environmentId, lifts]) => [environmentId, { killed: [], lifted: lifts }]),
  );
  await mergeElements(tx, news, { actor: summary(actor), reason });
  return lifted;
}

export function announceLifted(fanout: Fanout, lifted: Lifted): void {
  for (const [environmentId, elements] of lifted)
    fanout.announce({ type: "lifted", environmentId, elements });
}

/** PostgreSQL's, in epoch milliseconds. */
async function clockOf(tx: Transaction): Promise<number> {
  const [clock] = await tx.select({ now: sql<string>`now()` }).from(sql`(select 1) as clock`);
  return Date.parse(clock?.now ?? "");
}

/** Elements of a kill that nobody has lifted. */
export function openElements(tx: Transaction, killId: string): Promise<Element[]> {
  return tx
    .select({
      environmentId: killElements.environmentId,
      flagKey: killElements.flagKey,
      at: killElements.at,
    })
    .from(killElements)
    .leftJoin(liftElements, liftOfElement())
    .where(and(eq(killElements.killId, killId), isNull(liftElements.killId)))
    .then((rows) => rows);
}
