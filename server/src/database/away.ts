/** PostgreSQL was found not to answer, and what waited for it was given up. */
export class DatabaseAway extends Error {
  override readonly name = "DatabaseAway";
  constructor() {
    super("the database does not answer");
  }
}

const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "57014",
  "55P03",
  "08000",
  "08003",
  "08006",
  "53300",
]);

/** Whether PostgreSQL was away, hung, or cut us off, however deep drizzle and pg wrapped it. */
export function isDatabaseAway(thrown: unknown): boolean {
  for (let error = thrown as { code?: unknown; message?: unknown; cause?: unknown } | undefined; error; ) {
    if (error instanceof DatabaseAway || AWAY_CODES.has(String(error.code))) return true;
    const message = String(error.message);
    if (
      /timeout (exceeded|expired)|Query read timeout|Connection terminated|connection timeout/i.test(message)
    )
      return true;
    error = error.cause as typeof error;
  }
  return false;
}
