/** `a, b and 3 more`: the first few of many names. */
export function someOf(names: string[], few: number): string {
  const named = names.slice(0, few).join(", ");
  return names.length > few ? `${named} and ${(names.length - few).toLocaleString("en")} more` : named;
}
