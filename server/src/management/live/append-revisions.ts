import type { Flag } from "@lanyard/evaluation";
import { references } from "@lanyard/evaluation/validate";
import { and, eq } from "drizzle-orm";
import { canonicalJson } from "../../canonical-json.ts";
import type { Transaction } from "../../database/database.ts";
import { flagHeads, flagRevisions } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { inChunks } from "../changes/index.ts";

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
  const heads = all.map(({ flagId, environmentId, from, flag }) => ({
    ...{ flagId, environmentId, number: (from ?? 0) + 1 },
    ...searchable(flag),
  }));
  const first = heads.filter(({ number }) => number === 1);
  await inChunks(first, (chunk) => tx.insert(flagHeads).values(chunk));
  for (const head of heads) if (head.number > 1) await moveHead(tx, head);
}

function searchable(flag: Flag) {
  const { flags, segments } = references(flag);
  return { turnedOn: flag.on, audience: flag.audience, neededFlags: flags, usedSegments: segments };
}

async function moveHead(tx: Transaction, head: typeof flagHeads.$inferSelect): Promise<void> {
  const { flagId, environmentId, ...next } = head;
  const moved = await tx
    .update(flagHeads)
    .set(next)
    .where(
      and(
        eq(flagHeads.flagId, flagId),
        eq(flagHeads.environmentId, environmentId),
        eq(flagHeads.number, next.number - 1),
      ),
    )
    .returning({ number: flagHeads.number });
  if (moved.length === 0) throw new AppError("revision-conflict", "Somebody saved this flag in between.");
}
