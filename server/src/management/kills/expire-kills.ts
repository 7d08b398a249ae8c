import { and, eq, isNull, sql } from "drizzle-orm";
import { killElements, kills, liftElements } from "../../database/schema/index.ts";
import { applyChange } from "../changes/index.ts";
import { liftOfElement } from "../live/index.ts";
import type { Services } from "../services.ts";
import { EXPIRY } from "./expiry.ts";
import { announceLifted, describeLift, openElements, writeLifts } from "./lift-kill.ts";
import { expiriesFailed } from "./metrics.ts";

const EXPIRY_EVERY_MS = 1_000;

/** An expiry is a lift that a server writes when PostgreSQL's clock says so; no SDK knows of it before. */
export function startKillExpiry(services: Services): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (running || !services.fanout.databaseUp) return;
    running = expireKills(services)
      // The database is gone; the next second tries again.
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

interface Due {
  id: string;
  projectId: string;
}

/** Ends each kill whose time is over, whatever becomes of the others. */
async function expireKills(services: Services): Promise<void> {
  const due = await services.database.read
    .selectDistinct({ id: kills.id, projectId: kills.projectId })
    .from(kills)
    .innerJoin(killElements, eq(killElements.killId, kills.id))
    .leftJoin(liftElements, liftOfElement())
    .where(and(sql`${kills.expiresAt} <= now()`, isNull(liftElements.killId)));
  for (const kill of due) {
    if (!services.fanout.databaseUp) return;
    await expireKill(services, kill).catch((error: unknown) => {
      expiriesFailed.inc();
      services.log.warn({ err: error, kill: kill.id }, "a kill whose time is over cannot be ended yet");
    });
  }
}

async function expireKill(services: Services, { id, projectId }: Due): Promise<void> {
  const lifted = await applyChange(services, EXPIRY, {
    projectId,
    permission: "kill:lift",
    action: "kill.expired",
    async edit(tx, { environments }) {
      // Read again under the lock: it may have been prolonged, or lifted by another node.
      const [still] = await tx
        .select({ id: kills.id })
        .from(kills)
        .where(and(eq(kills.id, id), sql`${kills.expiresAt} <= now()`));
      const open = still ? await openElements(tx, id) : [];
      if (open.length === 0) return { unchanged: new Map() };
      // Nobody decides this: a repetition that waits somewhere for the database may have asked for longer.
      const lifted = await writeLifts(tx, EXPIRY, {
        killId: id,
        elements: open,
        reason: "expired",
        until: 0,
      });
      return { ...describeLift(id, open, environments), result: lifted };
    },
  });
  announceLifted(services.fanout, lifted);
}
