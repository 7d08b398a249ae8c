import type { Flag } from "@lanyard/evaluation";
import { and, eq } from "drizzle-orm";
import type { Transaction } from "../../database/database.ts";
import { flagHeads, flagRevisions } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { canonicalJson, inChunks } from "../changes/index.ts";

export interface NewRevision {
  flagId: string;
  environmentId: string;
  /** The revision it follows; undefined for the flag's first in this environment. */
  from: number | undefined;
  flag: Flag;
}

/** Adds immutable revisions and moves each head from exactly the one before. */
export async function appendRevisions(tx: Transaction, changeId: string, all: NewRevision[]): Promise<void> {
  const createdAt = new Date();
  const rows = all.map(({ flagId, environmentId, from, flag }) => ({
    flagId,
    environmentId,
    number: (from ?? 0) + 1,
    content: canonicalJson(flag),
    hash: flag.hash,
    changeId,
    createdAt,
  }));
  await inChunks(rows, (chunk) => tx.insert(flagRevisions).values(chunk));
  const first = rows.filter(({ number }) => number === 1);
  await inChunks(first, (chunk) =>
    tx.insert(flagHeads).values(
      chunk.map(({ flagId, environmentId, number }) => ({
        flagId,
        environmentId,
        number,
      })),
    ),
  );
  for (const row of rows) if (row.number > 1) await moveHead(tx, row);
}

async function moveHead(
  tx: Transaction,
  { flagId, environmentId, number }: { flagId: string; environmentId: string; number: number },
): Promise<void> {
  const moved = await tx
    .update(flagHeads)
    .set({ number })
    .where(
      and(
        eq(flagHeads.flagId, flagId),
        eq(flagHeads.environmentId, environmentId),
        eq(flagHeads.number, number - 1),
      ),
    )
    .returning({ number: flagHeads.number });
  if (moved.length === 0) throw new AppError("revision-conflict", "Somebody saved this flag in between.");
}
