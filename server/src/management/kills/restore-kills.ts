import type { KillElement } from "@lanyard/evaluation";
import { eq, sql } from "drizzle-orm";
import type { AnyTransaction, Database } from "../../database/database.ts";
import { environments, killElements, kills, liftElements } from "../../database/schema/index.ts";
import type { Fanout, LiftElement } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import { appendChange, inChunks, lockProject } from "../changes/index.ts";

const BY = { kind: "system", id: "system", name: "restore" } as const;
const REASON = "held by a running node when the database came back without it";

interface Lost {
  projectId: string;
  environmentId: string;
  killed: KillElement[];
  lifted: LiftElement[];
}

/**
 * A restored backup or a failover lost kills and lifts that running nodes still hold: they are merged back, by however
 * many nodes try, and recorded once. Who killed and why went with the backup.
 */
export async function restoreKills(
  { database, fanout }: { database: Database; fanout: Fanout },
  lost: Lost,
): Promise<void> {
  const sequence = await database.raw.transaction(async (tx) => {
    const head = await lockProject(tx, lost.projectId);
    if (!head) return undefined;
    await tx
      .select({ id: environments.id })
      .from(environments)
      .where(eq(environments.id, lost.environmentId))
      .for("update");
    const killed = await restoreKilled(tx, lost);
    const lifted = await restoreLifted(tx, lost);
    if (killed.length + lifted.length === 0) return undefined;
    await tx
      .update(environments)
      .set({ kills: sql`${environments.kills} + 1` })
      .where(eq(environments.id, lost.environmentId));
    return appendChange(tx, head, {
      id: newId("chg"),
      projectId: lost.projectId,
      actor: BY,
      action: "kill.restored",
      subject: { kind: "environment", key: lost.environmentId },
      environmentId: lost.environmentId,
      message: REASON,
      before: null,
      after: { killed, lifted },
    });
  });
  if (sequence !== undefined) fanout.announce({ type: "recorded", projectId: lost.projectId, sequence });
}

async function restoreKilled(tx: AnyTransaction, { projectId, environmentId, killed }: Lost) {
  const restored: LiftElement[] = [];
  await inChunks(killed, async (chunk) => {
    await tx
      .insert(kills)
      .values(
        chunk.map(({ id, at }) => ({
          id,
          projectId,
          reason: REASON,
          actorKind: BY.kind,
          actorId: BY.id,
          actorName: BY.name,
          selector: {},
          at: new Date(at),
          expiresAt: null,
        })),
      )
      .onConflictDoNothing();
    const rows = await tx
      .insert(killElements)
      .values(
        chunk.map(({ id, flag, at }) => ({ killId: id, environmentId, flagKey: flag, at: new Date(at) })),
      )
      .onConflictDoNothing()
      .returning({ id: killElements.killId, flag: killElements.flagKey });
    restored.push(...rows);
  });
  return restored;
}

async function restoreLifted(tx: AnyTransaction, { environmentId, lifted }: Lost) {
  const restored: LiftElement[] = [];
  await inChunks(lifted, async (chunk) => {
    const rows = await tx
      .insert(liftElements)
      .values(
        chunk.map(({ id, flag }) => ({
          killId: id,
          environmentId,
          flagKey: flag,
          at: sql`now()`,
          actorKind: BY.kind,
          actorId: BY.id,
          actorName: BY.name,
          reason: REASON,
        })),
      )
      .onConflictDoNothing()
      .returning({ id: liftElements.killId, flag: liftElements.flagKey });
    restored.push(...rows);
  });
  return restored;
}
