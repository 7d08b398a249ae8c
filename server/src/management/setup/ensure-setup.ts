import { createHmac } from "node:crypto";
import { hashSecret } from "../../access/index.ts";
import type { Database } from "../../database/database.ts";
import { accounts, instance } from "../../database/schema/index.ts";
import { INSTANCE } from "./instance.ts";

/**
 * Until there is an account, the one-time token for it; undefined after. It comes from the instance secret, so that
 * nodes which start together on an empty database all print the link that works.
 */
export async function ensureSetup(database: Database, secret: string): Promise<string | undefined> {
  const token = `lyd_setup_${createHmac("sha256", secret).update("first account").digest("base64url")}`;
  return database.unrecorded(async (tx) => {
    const [account] = await tx.select({ id: accounts.id }).from(accounts).limit(1);
    if (account) return undefined;
    const row = { id: INSTANCE, setupTokenHash: hashSecret(token) };
    await tx.insert(instance).values(row).onConflictDoUpdate({ target: instance.id, set: row });
    return token;
  });
}
