import type { Environment } from "@lanyard/contract";

/** What people call these environments; one that the project has no longer goes by its key. */
export function environmentNames(
  keys: string[],
  environments: Pick<Environment, "key" | "name">[],
): string[] {
  return keys.map((key) => environments.find((one) => one.key === key)?.name ?? key);
}
