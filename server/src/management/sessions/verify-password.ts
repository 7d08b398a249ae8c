import { AppError } from "../../errors.ts";
import { type AccountRow, findAccount } from "../accounts/index.ts";
import type { Services } from "../services.ts";

export interface SignIn {
  email: string;
  password: string;
  /** Where the request came from. */
  address: string;
}

/** The account of that address and password; unknown addresses cost the same time and say the same. */
export async function verifyPassword(services: Services, input: SignIn): Promise<AccountRow> {
  await services.attempts.admit(input.email, input.address);
  const account = await findAccount(services.database.read, input.email);
  const matches = await services.passwords.verify(account?.passwordHash, input.password);
  if (account && matches) return account;
  await services.attempts.failed(input.email, input.address);
  throw new AppError("unauthenticated", "The email address or the password is wrong.");
}
