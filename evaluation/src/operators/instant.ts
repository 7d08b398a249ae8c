const PATTERN =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])t([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d{1,3})\d{0,17})?(?:z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;

/** Milliseconds since 1970 of an RFC 3339 timestamp, of epoch milliseconds or of a `Date`; `undefined` for anything else. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  // Asked by its tag: nothing in this package names what has a clock.
  if ({}.toString.call(value) === "[object Date]") return Number(value);
  const match = typeof value === "string" && PATTERN.exec(value);
  if (!match) return undefined;
  const part = (i: number) => Number(match[i] ?? 0);
  const start = daysSinceEpoch(part(1), part(2));
  const day = start + part(3);
  if (day > daysSinceEpoch(part(1), part(2) + 1)) return undefined;
  const offset = (part(9) * 60 + part(10)) * Number(`${match[8] ?? ""}1`);
  const minutes = ((day - 1) * 24 + part(4)) * 60 + part(5) - offset;
  return (minutes * 60 + part(6)) * 1000 + Number((match[7] ?? "").padEnd(3, "0"));
}

/** The day on which a month begins; the thirteenth is the next year's first. */
function daysSinceEpoch(year: number, month: number): number {
  // Counting years from March puts the leap day last.
  const y = year - Number(month < 3);
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leaps + Math.floor((153 * ((month + 9) % 12) + 2) / 5) - 719_468;
}
