import type { ActiveKill, ActorSummary } from "@lanyard/contract";
import { and, desc, eq, inArray, isNull, type SQL } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { killElements, kills, liftElements } from "../../database/schema/index.ts";

/** A kill in force on one flag in one environment. */
export interface KilledFlag {
  environmentId: string;
  flag: string;
  kill: ActiveKill;
}

/** Elements that nobody has lifted, newest first. */
export async function activeKills(
  reader: Reader,
  environmentIds: string[],
  flagKeys?: string[],
): Promise<KilledFlag[]> {
  if (environmentIds.length === 0 || flagKeys?.length === 0) return [];
  const rows = await reader
    .select({ element: killElements, kill: kills })
    .from(killElements)
    .leftJoin(kills, eq(kills.id, killElements.killId))
    .leftJoin(liftElements, liftOfElement())
    .where(
      and(
        inArray(killElements.environmentId, environmentIds),
        flagKeys && inArray(killElements.flagKey, flagKeys),
        isNull(liftElements.killId),
      ),
    )
    .orderBy(desc(killElements.at), desc(killElements.killId));
  return rows.map(({ element, kill }) => ({
    environmentId: element.environmentId,
    flag: element.flagKey,
    kill: {
      id: element.killId,
      reason: kill?.reason ?? "",
      at: element.at.toISOString(),
      by: {
        kind: (kill?.actorKind ?? "system") as ActorSummary["kind"],
        id: kill?.actorId ?? "",
        name: kill?.actorName ?? "",
      },
      expiresAt: kill?.expiresAt?.toISOString() ?? null,
    },
  }));
}

/** The lift of the same element, for joins. */
export function liftOfElement(): SQL | undefined {
  return and(
    eq(liftElements.killId, killElements.killId),
    eq(liftElements.environmentId, killElements.environmentId),
    eq(liftElements.flagKey, killElements.flagKey),
  );
}
