import type { ActorSummary, Kill } from "@lanyard/contract";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import {
  environments,
  killElements,
  type kills,
  liftElements,
  projects,
} from "../../database/schema/index.ts";
import { liftOfElement } from "../live/index.ts";
import { momentOfLift } from "./expiry.ts";

export type KillRow = typeof kills.$inferSelect;

/** Kills with their elements and lifts, in the order of `rows`. */
export async function presentKills(reader: Reader, rows: KillRow[]): Promise<Kill[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const elements = await reader
    .select({ element: killElements, lift: liftElements, environment: environments.key })
    .from(killElements)
    .innerJoin(environments, eq(environments.id, killElements.environmentId))
    .leftJoin(liftElements, liftOfElement())
    .where(inArray(killElements.killId, ids))
    .orderBy(asc(environments.position), asc(killElements.flagKey));
  const keys = await reader
    .select({ id: projects.id, key: projects.key })
    .from(projects)
    .where(inArray(projects.id, [...new Set(rows.map(({ projectId }) => projectId))]));
  const projectKeys = new Map(keys.map(({ id, key }) => [id, key]));
  return rows.map((row) => {
    const own = elements.filter(({ element }) => element.killId === row.id);
    return {
      id: row.id,
      project: projectKeys.get(row.projectId) ?? "",
      reason: row.reason,
      by: actorOf(row),
      at: row.at.toISOString(),
      expiresAt: row.expiresAt?.toISOString() ?? null,
      active: own.some(({ lift }) => lift === null),
      elements: own.map(({ element, lift, environment }) => ({
        environment,
        flag: element.flagKey,
        at: element.at.toISOString(),
        lift: lift && {
          at: momentOfLift(row, element, lift).toISOString(),
          by: actorOf(lift),
          reason: lift.reason,
        },
      })),
    };
  });
}

function actorOf(row: { actorKind: string; actorId: string; actorName: string }): ActorSummary {
  return { kind: row.actorKind as ActorSummary["kind"], id: row.actorId, name: row.actorName };
}

/** Other kills that hold down the same flags in the same environments. */
export async function stillKilledBy(
  reader: Reader,
  lifted: { environmentId: string; flagKey: string }[],
): Promise<{ environment: string; flag: string; kills: string[] }[]> {
  if (lifted.length === 0) return [];
  const rows = await reader
    .select({ element: killElements, lift: liftElements.killId, environment: environments.key })
    .from(killElements)
    .innerJoin(environments, eq(environments.id, killElements.environmentId))
    .leftJoin(liftElements, liftOfElement())
    .where(
      and(
        inArray(killElements.environmentId, [...new Set(lifted.map(({ environmentId }) => environmentId))]),
        inArray(killElements.flagKey, [...new Set(lifted.map(({ flagKey }) => flagKey))]),
      ),
    )
    .orderBy(asc(killElements.flagKey), asc(killElements.at));
  const holding = new Map<string, { environment: string; flag: string; kills: string[] }>();
  for (const { element, lift, environment } of rows) {
    const wanted = lifted.some(
      ({ environmentId, flagKey }) => environmentId === element.environmentId && flagKey === element.flagKey,
    );
    if (lift !== null || !wanted) continue;
    const flag = element.flagKey;
    const name = `${environment}\n${flag}`;
    const entry = holding.get(name) ?? { environment, flag, kills: [] };
    entry.kills.push(element.killId);
    holding.set(name, entry);
  }
  return [...holding.values()];
}
