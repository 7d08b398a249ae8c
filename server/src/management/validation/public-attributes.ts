import { and, eq } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { attributes } from "../../database/schema/index.ts";

/** Names that may be tested in a browser; whatever is not registered is private. */
export async function publicAttributes(reader: Reader, projectId: string): Promise<Set<string>> {
  const rows = await reader
    .select({ name: attributes.name })
    .from(attributes)
    .where(and(eq(attributes.projectId, projectId), eq(attributes.visibility, "public")));
  return new Set(rows.map(({ name }) => name));
}
