import type { Kill } from "@lanyard/contract";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { type Actor, requirePermission, summary } from "../../access/index.ts";
import type { Transaction } from "../../database/database.ts";
import { environments, killElements, liftElements } from "../../database/schema/index.ts";
import { AppError, invalidBody, notFound } from "../../errors.ts";
import type { Fanout } from "../../fanout/index.ts";
import { applyChange, inChunks } from "../changes/index.ts";
import { liftOfElement } from "../live/index.ts";
import type { Services } from "../services.ts";
import { presentKills, stillKilledBy } from "./present.ts";
import { findKill } from "./read-kills.ts";

type Element = Pick<typeof killElements.$inferSelect, "environmentId" | "flagKey">;

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
      if (open.length === 0) return { unchanged: { lifted: open, covered } };
      await writeLifts(tx, actor, { killId: row.id, elements: open, reason: request.reason });
      const ids = new Set(open.map(({ environmentId }) => environmentId));
      const sole = ids.size === 1 ? open[0]?.environmentId : undefined;
      const named = open.map(({ environmentId, flagKey }) => ({
        environment: locked.find(({ id }) => id === environmentId)?.key,
        flag: flagKey,
      }));
      return {
        subject: { kind: "kill", key: row.id },
        ...(sole !== undefined && { environmentId: sole }),
        before: null,
        after: { lifted: named },
        result: { lifted: open, covered },
      };
    },
  });
  announceLifted(services.fanout, row.id, lifted);
  const [kill] = await presentKills(services.database.read, [row]);
  return { kill: kill as Kill, stillKilledBy: await stillKilledBy(services.database.read, covered) };
}

/** The elements that the request is about; throws when it names any that the kill does not have. */
async function coveredElements(tx: Transaction, request: LiftRequest) {
  const all = await tx
    .select({
      environmentId: killElements.environmentId,
      flagKey: killElements.flagKey,
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

/** Lifts elements of a kill and moves the counters by which other nodes find out. */
export async function writeLifts(
  tx: Transaction,
  actor: Actor,
  { killId, elements, reason }: { killId: string; elements: Element[]; reason: string },
): Promise<void> {
  const by = summary(actor);
  await inChunks(elements, (chunk) =>
    tx
      .insert(liftElements)
      .values(
        chunk.map(({ environmentId, flagKey }) => ({
          killId,
          environmentId,
          flagKey,
          at: sql`now()`,
          actorKind: by.kind,
          actorId: by.id,
          actorName: by.name,
          reason,
        })),
      )
      .onConflictDoNothing(),
  );
  await tx
    .update(environments)
    .set({ kills: sql`${environments.kills} + 1` })
    .where(inArray(environments.id, [...new Set(elements.map(({ environmentId }) => environmentId))]));
}

export function announceLifted(fanout: Fanout, killId: string, elements: Element[]): void {
  for (const environmentId of new Set(elements.map((element) => element.environmentId)))
    fanout.announce({
      type: "lifted",
      environmentId,
      elements: elements
        .filter((element) => element.environmentId === environmentId)
        .map(({ flagKey }) => ({ id: killId, flag: flagKey })),
    });
}

/** Elements of a kill that nobody has lifted. */
export function openElements(tx: Transaction, killId: string): Promise<Element[]> {
  return tx
    .select({ environmentId: killElements.environmentId, flagKey: killElements.flagKey })
    .from(killElements)
    .leftJoin(liftElements, liftOfElement())
    .where(and(eq(killElements.killId, killId), isNull(liftElements.killId)))
    .then((rows) => rows);
}
