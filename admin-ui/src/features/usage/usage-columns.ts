import type { FlagUsage } from "@lanyard/contract";

export interface Column {
  /** Start, milliseconds since 1970. */
  from: number;
  total: number;
  parts: { variation: string; count: number }[];
}

const MINUTE_MS = 60_000;

/** The window as equally wide columns ending now, minutes without evaluations included. */
export function columnsOf(
  minutes: FlagUsage["minutes"],
  windowMinutes: number,
  nowMs: number,
  wanted = 60,
): Column[] {
  const width = Math.max(1, Math.ceil(windowMinutes / wanted));
  const count = Math.ceil(windowMinutes / width);
  const end = Math.floor(nowMs / MINUTE_MS) + 1;
  const start = end - count * width;
  const sums = Array.from({ length: count }, () => new Map<string, number>());
  for (const minute of minutes) {
    const column = sums[Math.floor((new Date(minute.at).getTime() / MINUTE_MS - start) / width)];
    if (!column) continue;
    for (const [variation, n] of Object.entries(minute.counts))
      column.set(variation, (column.get(variation) ?? 0) + n);
  }
  return sums.map((sum, at) => ({
    from: (start + at * width) * MINUTE_MS,
    total: [...sum.values()].reduce((a, b) => a + b, 0),
    parts: [...sum]
      .map(([variation, n]) => ({ variation, count: n }))
      .sort((a, b) => (a.variation < b.variation ? -1 : 1)),
  }));
}

/** Sums by variation, largest first, with what share each has. */
export function sharesOf(
  totals: FlagUsage["totals"],
): { variation: string | null; count: number; share: number }[] {
  const sums = new Map<string | null, number>();
  for (const entry of totals) sums.set(entry.variation, (sums.get(entry.variation) ?? 0) + entry.count);
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return [...sums]
    .map(([variation, count]) => ({ variation, count, share: all === 0 ? 0 : count / all }))
    .sort((a, b) => b.count - a.count);
}
