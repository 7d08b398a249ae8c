export { accountOf } from "./account-of.ts";
export { type AccountRow, findAccount } from "./find-account.ts";
