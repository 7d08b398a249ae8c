import { accounts } from "../../database/schema/index.ts";
import type { Services } from "../services.ts";

export async function isSetupNeeded(services: Services): Promise<boolean> {
  const [account] = await services.database.read.select({ id: accounts.id }).from(accounts).limit(1);
  return account === undefined;
}
