import type { Segment } from "@lanyard/evaluation";
import { canonicalJson } from "../../canonical-json.ts";
import type { Transaction } from "../../database/database.ts";
import { segmentRevisions } from "../../database/schema/index.ts";
import { invalidBody } from "../../errors.ts";
import type { EnvironmentRow, Publication } from "../changes/index.ts";
import { faultsOfSegment } from "../validation/index.ts";

export async function requireValid(
  tx: Transaction,
  projectId: string,
  key: string,
  content: Segment,
): Promise<void> {
  const faults = await faultsOfSegment(tx, projectId, key, content);
  if (faults.length > 0)
    throw invalidBody(faults.map(({ path, message }) => ({ path: `/content${path}`, message })));
}

export async function storeSegment(
  tx: Transaction,
  changeId: string,
  { id, number, content }: { id: string; number: number; content: Segment },
): Promise<void> {
  await tx.insert(segmentRevisions).values({
    segmentId: id,
    number,
    content: canonicalJson(content),
    hash: content.hash,
    changeId,
  });
}

/** A segment is the same in every environment; null takes it out of all. */
export function publishSegment(
  environments: EnvironmentRow[],
  key: string,
  content: Segment | null,
): Publication[] {
  return environments.map(({ id }) => ({ environmentId: id, kind: "segment", key, content }));
}
