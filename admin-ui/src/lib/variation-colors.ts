const COLORS = [
  "var(--ly-env-teal)",
  "var(--ly-env-orange)",
  "var(--ly-env-grape)",
  "var(--ly-env-blue)",
  "var(--ly-env-green)",
  "var(--ly-env-red)",
];

/** A colour for each variation; the off variation is always grey. */
export function variationColor(variations: { id: string }[], off: string, id: string): string {
  if (id === off) return "var(--ly-line-strong)";
  const place = variations
    .filter((variation) => variation.id !== off)
    .findIndex((variation) => variation.id === id);
  return COLORS[Math.max(0, place) % COLORS.length] ?? "var(--ly-env-teal)";
}
