const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Milliseconds since 1970 of an RFC 3339 timestamp or of epoch milliseconds; `NaN` for anything else. */
export function parseInstant(value: unknown): number {
  if (typeof value === "number") return value;
  const match = typeof value === "string" && value.length <= 64 ? PATTERN.exec(value) : null;
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = numbers(match, 1);
  const [offsetHour, offsetMinute] = numbers(match, 9);
  const valid =
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second <= 60 &&
    offsetHour < 24 &&
    offsetMinute < 60;
  if (!valid) return Number.NaN;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === "-" ? -1 : 1);
  const minutes = daysSinceEpoch(year, month, day) * 1440 + hour * 60 + minute - offset;
  const milliseconds = Number(`${match[7] ?? ""}000`.slice(0, 3));
  return minutes * 60_000 + second * 1000 + milliseconds;
}

type Parts = [number, number, number, number, number, number];

function numbers(match: RegExpExecArray, from: number): Parts {
  return match.slice(from, from + 6).map((part) => Number(part ?? 0)) as Parts;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  // Counting years from March puts the leap day last.
  const y = month > 2 ? year : year - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leaps + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 719_469;
}
