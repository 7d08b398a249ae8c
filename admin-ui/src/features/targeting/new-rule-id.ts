/** Lineage id of a rule; stays with it through every edit. */
export function newRuleId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `r_${Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}
