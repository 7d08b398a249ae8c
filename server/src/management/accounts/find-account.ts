import { eq } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { accounts } from "../../database/schema/index.ts";

export type AccountRow = typeof accounts.$inferSelect;

export async function findAccount(reader: Reader, email: string): Promise<AccountRow | undefined> {
  const [account] = await reader.select().from(accounts).where(eq(accounts.email, email));
  return account;
}
