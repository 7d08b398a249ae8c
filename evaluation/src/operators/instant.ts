const PATTERN = /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:z|([+-]\d\d):(\d\d))$/i;

/** Milliseconds since 1970 of an RFC 3339 timestamp or of epoch milliseconds; `NaN` for anything else. */
export function parseInstant(value: unknown): number {
  if (typeof value === "number") return value;
  const match = typeof value === "string" && PATTERN.exec(value);
  if (!match) return Number.NaN;
  const part = (i: number) => Number(match[i] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [offsetHours, offsetMinutes] = [part(8), part(9)];
  const start = daysSinceEpoch(year, month);
  const valid =
    month > 0 &&
    month < 13 &&
    day > 0 &&
    day <= daysSinceEpoch(year, month + 1) - start &&
    hour < 24 &&
    minute < 60 &&
    second < 61 &&
    Math.abs(offsetHours) < 24 &&
    offsetMinutes < 60;
  if (!valid) return Number.NaN;
  const behind = match[8]?.startsWith("-") ? -1 : 1;
  const minutes = (start + day - 1) * 1440 + (hour - offsetHours) * 60 + minute - behind * offsetMinutes;
  return (minutes * 60 + second) * 1000 + Number(`${match[7] ?? ""}000`.slice(0, 3));
}

/** The day on which a month begins; the thirteenth is the next year's first. */
function daysSinceEpoch(year: number, month: number): number {
  // Counting years from March puts the leap day last.
  const y = year - Number(month < 3);
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leaps + Math.floor((153 * ((month + 9) % 12) + 2) / 5) - 719_468;
}
