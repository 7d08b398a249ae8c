const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `just now`, `5 min. ago`, `in 3 days`. */
export function relativeTime(at: string | number, nowMs: number): string {
  const seconds = (new Date(at).getTime() - nowMs) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return seconds > 1 ? "in a moment" : "just now";
}

export const exactTime = (at: string | number): string => exact.format(new Date(at));

/** How long something has lasted: `42 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export const age = (at: string, nowMs: number): string => duration(nowMs - new Date(at).getTime());

/** How long until then, as an age is said. */
export const timeLeft = (at: string, nowMs: number): string => duration(new Date(at).getTime() - nowMs);

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}
