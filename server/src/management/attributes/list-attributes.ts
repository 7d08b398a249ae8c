import type { Attribute } from "@lanyard/contract";
import { and, asc, eq } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { attributes } from "../../database/schema/index.ts";

export async function listAttributes(reader: Reader, projectId: string, name?: string): Promise<Attribute[]> {
  const rows = await reader
    .select()
    .from(attributes)
    .where(
      and(eq(attributes.projectId, projectId), name === undefined ? undefined : eq(attributes.name, name)),
    )
    .orderBy(asc(attributes.name));
  return rows.map(({ projectId: _projectId, ...row }) => ({ ...row, type: row.type as Attribute["type"] }));
}
