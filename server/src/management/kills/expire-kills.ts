import { and, eq, isNull, sql } from "drizzle-orm";
import { killElements, kills, liftElements } from "../../database/schema/index.ts";
import { applyChange } from "../changes/index.ts";
import { liftOfElement } from "../live/index.ts";
import type { Services } from "../services.ts";
import { announceLifted, openElements, writeLifts } from "./lift-kill.ts";

const EXPIRY_EVERY_MS = 1_000;
const REASON = "expired";

/** An expiry is a lift that a server writes when PostgreSQL's clock says so; no SDK knows of it before. */
export function startKillExpiry(services: Services): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (running || !services.fanout.databaseUp) return;
    running = expireKills(services)
      // Another node may have been faster, or the database gone; the next second tries again.
      .catch((error: unknown) => services.log.debug({ err: error }, "expiring kills waits"))
      .finally(() => {
        running = undefined;
      });
  }, EXPIRY_EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

export async function expireKills(services: Services): Promise<void> {
  const due = await services.database.read
    .selectDistinct({ id: kills.id, projectId: kills.projectId })
    .from(kills)
    .innerJoin(killElements, eq(killElements.killId, kills.id))
    .leftJoin(liftElements, liftOfElement())
    .where(and(sql`${kills.expiresAt} <= now()`, isNull(liftElements.killId)));
  for (const kill of due) await expireKill(services, kill);
}

async function expireKill(services: Services, { id, projectId }: { id: string; projectId: string }) {
  const actor = { kind: "system", id: "system", name: "expiry" } as const;
  const lifted = await applyChange(services, actor, {
    projectId,
    permission: "kill:lift",
    action: "kill.expired",
    async edit(tx) {
      // Read again under the lock: it may have been prolonged, or lifted by another node.
      const [still] = await tx
        .select({ id: kills.id })
        .from(kills)
        .where(and(eq(kills.id, id), sql`${kills.expiresAt} <= now()`));
      const open = still ? await openElements(tx, id) : [];
      if (open.length === 0) return { unchanged: new Map() };
      const lifted = await writeLifts(tx, actor, { killId: id, elements: open, reason: REASON });
      return {
        subject: { kind: "kill", key: id },
        before: null,
        after: { lifted: open.map(({ flagKey }) => flagKey) },
        result: lifted,
      };
    },
  });
  announceLifted(services.fanout, lifted);
}
