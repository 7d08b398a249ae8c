import type { Change, Environment } from "@lanyard/contract";

type Plain = Record<string, unknown>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a kill or lift is about, as its change holds it. */
function elementsOf(held: unknown): unknown[] {
  if (!isPlain(held)) return [];
  const { elements, killed, lifted } = held;
  return [elements, killed, lifted].flatMap((list) => (Array.isArray(list) ? list : []));
}

/** Each flag once, however many environments it is killed or lifted in. */
export function killedFlags(held: unknown): string[] {
  const flags = elementsOf(held).map((item) => (isPlain(item) ? item.flag : item));
  return [...new Set(flags.filter((flag) => typeof flag === "string"))];
}

/** Where a change was made: the one environment that it names, or those of what it killed or lifted. */
export function placesOf(
  { environment, after }: Pick<Change, "environment" | "after">,
  environments: Environment[],
): Environment[] {
  const items = elementsOf(after).filter(isPlain);
  const named =
    environment === null ? items.map((item) => item.environmentId ?? item.environment) : [environment];
  return environments.filter(({ id, key }) => named.includes(id) || named.includes(key));
}
