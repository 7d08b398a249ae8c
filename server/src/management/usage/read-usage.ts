import type { FlagUsage } from "@lanyard/contract";
import { and, asc, desc, eq, gte, max, sum } from "drizzle-orm";
import type { ProjectRef } from "../../access/index.ts";
import { environments, flags, usageMinutes } from "../../database/schema/index.ts";
import { notFound } from "../../errors.ts";
import type { Services } from "../services.ts";

const MINUTE_MS = 60_000;

export interface UsageRequest {
  project: ProjectRef;
  flag: string;
  environment: string;
  minutes: number;
}

/** What connected SDKs counted in the last minutes; minutes without any are there, and empty. */
export async function readUsage(services: Services, input: UsageRequest): Promise<FlagUsage> {
  const { read } = services.database;
  const environmentId = await findPlace(services, input);
  const thisMinute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const first = thisMinute - (input.minutes - 1) * MINUTE_MS;
  const ofFlag = and(eq(usageMinutes.environmentId, environmentId), eq(usageMinutes.flagKey, input.flag));
  const inWindow = and(ofFlag, gte(usageMinutes.minute, new Date(first)));
  const total = sum(usageMinutes.count).mapWith(Number);
  const [totals, perMinute, [seen]] = await Promise.all([
    read
      .select({ variation: usageMinutes.variation, reason: usageMinutes.reason, count: total })
      .from(usageMinutes)
      .where(inWindow)
      .groupBy(usageMinutes.variation, usageMinutes.reason)
      .orderBy(desc(total), asc(usageMinutes.variation), asc(usageMinutes.reason)),
    read
      .select({ minute: usageMinutes.minute, variation: usageMinutes.variation, count: total })
      .from(usageMinutes)
      .where(inWindow)
      .groupBy(usageMinutes.minute, usageMinutes.variation),
    read
      .select({ at: max(usageMinutes.minute) })
      .from(usageMinutes)
      .where(ofFlag),
  ]);
  return {
    totals: totals.map((row) => ({ ...row, variation: row.variation === "" ? null : row.variation })),
    minutes: everyMinute(first, input.minutes, perMinute),
    lastSeenAt: seen?.at?.toISOString() ?? null,
  };
}

function everyMinute(
  first: number,
  length: number,
  counted: { minute: Date; variation: string; count: number }[],
): FlagUsage["minutes"] {
  const byMinute = new Map<number, Record<string, number>>();
  for (const { minute, variation, count } of counted) {
    const at = minute.getTime();
    byMinute.set(at, { ...byMinute.get(at), [variation]: count });
  }
  return Array.from({ length }, (_, i) => {
    const at = first + i * MINUTE_MS;
    return { at: new Date(at).toISOString(), counts: byMinute.get(at) ?? {} };
  });
}

/** The environment's id, once flag and environment are known to be the project's. */
async function findPlace(services: Services, { project, flag, environment }: UsageRequest): Promise<string> {
  const [place] = await services.database.read
    .select({ flag: flags.key, environmentId: environments.id })
    .from(environments)
    .leftJoin(flags, and(eq(flags.projectId, environments.projectId), eq(flags.key, flag)))
    .where(and(eq(environments.projectId, project.id), eq(environments.key, environment)));
  if (!place) throw notFound("environment");
  if (place.flag === null) throw notFound("flag");
  return place.environmentId;
}
