import { hashSecret, newSecret } from "../../access/index.ts";
import type { Database } from "../../database/database.ts";
import { accounts, instance } from "../../database/schema/index.ts";
import { INSTANCE } from "./instance.ts";

/** Until there is an account, every start makes a new one-time token and forgets the one before. */
export async function ensureSetup(database: Database): Promise<string | undefined> {
  return database.unrecorded(async (tx) => {
    const [account] = await tx.select({ id: accounts.id }).from(accounts).limit(1);
    if (account) return undefined;
    const token = newSecret("lyd_setup_");
    const row = { id: INSTANCE, setupTokenHash: hashSecret(token) };
    await tx.insert(instance).values(row).onConflictDoUpdate({ target: instance.id, set: row });
    return token;
  });
}
