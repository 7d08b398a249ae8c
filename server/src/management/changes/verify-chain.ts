import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { changes, environments, projects, publications } from "../../database/schema/index.ts";
import { chainHash } from "./canonical.ts";

/** The first thing in a project's record that is not as it was written; undefined when all is. */
export async function findBreak(reader: Reader, projectId: string): Promise<string | undefined> {
  let previousHash = "";
  let sequence = 0;
  for (;;) {
    const rows = await reader
      .select()
      .from(changes)
      .where(and(eq(changes.projectId, projectId), gt(changes.sequence, sequence)))
      .orderBy(asc(changes.sequence))
      .limit(500);
    for (const { previousHash: said, hash, ...change } of rows) {
      if (change.sequence !== sequence + 1) return `change ${sequence + 1} is missing`;
      if (said !== previousHash || chainHash(previousHash, change) !== hash)
        return `change ${change.sequence} (${change.id}) is not what was recorded`;
      previousHash = hash;
      sequence = change.sequence;
    }
    if (rows.length < 500) break;
  }
  return (
    (await findWrongHead(reader, projectId, sequence, previousHash)) ?? findUnrecorded(reader, projectId)
  );
}

async function findWrongHead(reader: Reader, projectId: string, sequence: number, hash: string) {
  const [project] = await reader.select().from(projects).where(eq(projects.id, projectId));
  if (!project) return "there is no such project";
  const isHead = project.changeSequence === sequence && project.changeHash === hash;
  return isHead
    ? undefined
    : `the record ends at change ${sequence}, and the project at ${project.changeSequence}`;
}

/** A publication whose change is not on the record shows a cut tail. */
async function findUnrecorded(reader: Reader, projectId: string): Promise<string | undefined> {
  const [row] = await reader
    .select({ key: publications.key, revision: publications.revision })
    .from(publications)
    .innerJoin(environments, eq(environments.id, publications.environmentId))
    .leftJoin(changes, eq(changes.id, publications.changeId))
    .where(and(eq(environments.projectId, projectId), sql`${changes.id} is null`))
    .limit(1);
  return row && `revision ${row.revision} of "${row.key}" was published by no recorded change`;
}
