import type { ApiKey } from "@lanyard/contract";
import { desc, eq } from "drizzle-orm";
import { apiKeys, environments } from "../../database/schema/index.ts";
import type { Services } from "../services.ts";
import { presentKey } from "./present.ts";

export async function listKeys(services: Services, projectId: string): Promise<ApiKey[]> {
  const { read } = services.database;
  const [keys, places] = await Promise.all([
    read
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.projectId, projectId))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)),
    read
      .select({ id: environments.id, key: environments.key })
      .from(environments)
      .where(eq(environments.projectId, projectId)),
  ]);
  const names = new Map(places.map(({ id, key }) => [id, key]));
  return keys.map((key) => presentKey(key, names));
}
