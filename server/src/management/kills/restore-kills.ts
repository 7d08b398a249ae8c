import type { AnyTransaction, Database } from "../../database/database.ts";
import { kills } from "../../database/schema/index.ts";
import type { Elements, Fanout } from "../../fanout/index.ts";
import { newId } from "../../ids.ts";
import { appendChange, inChunks, lockProject } from "../changes/index.ts";
import { mergeElements } from "./merge-elements.ts";

const BY = { kind: "system", id: "system", name: "restore" } as const;
const REASON = "held by a running node when the database came back without it";

interface Lost extends Elements {
  projectId: string;
  environmentId: string;
}

/**
 * A restored backup or a failover lost kills and lifts that running nodes still hold: they are merged back, by however
 * many nodes try, and recorded once. Who killed and why went with the backup.
 */
export async function restoreKills(
  { database, fanout }: { database: Database; fanout: Fanout },
  { projectId, environmentId, killed, lifted }: Lost,
): Promise<void> {
  const sequence = await database.transaction(async (tx) => {
    const head = await lockProject(tx, projectId);
    if (!head) return undefined;
    const news = new Map([[environmentId, { killed, lifted }]]);
    const merged = await mergeElements(tx, news, { actor: BY, reason: REASON });
    const restored = merged.get(environmentId);
    if (!restored) return undefined;
    await describeRestored(tx, projectId, restored);
    return appendChange(tx, head, {
      id: newId("chg"),
      projectId,
      actor: BY,
      action: "kill.restored",
      subject: { kind: "environment", key: environmentId },
      environmentId,
      message: REASON,
      before: null,
      after: { killed: restored.killed, lifted: restored.lifted },
    });
  });
  if (sequence !== undefined) fanout.announce({ type: "recorded", projectId, sequence });
}

async function describeRestored(tx: AnyTransaction, projectId: string, { killed }: Elements): Promise<void> {
  await inChunks(killed, (chunk) =>
    tx
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
      // How long it was to last went with the backup too.
      .onConflictDoUpdate({ target: kills.id, set: { expiresAt: null } }),
  );
}
