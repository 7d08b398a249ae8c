/** PostgreSQL was found not to answer, and what waited for it was given up. */
export class DatabaseAway extends Error {
  override readonly name = "DatabaseAway";
  constructor() {
    super("the database does not answer");
  }
}

/** Of the network beneath a connection. */
const NETWORK = new Set([
  ...["EADDRNOTAVAIL", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH"],
  ...["ENETDOWN", "ENETUNREACH", "ENOTFOUND", "EPIPE", "ETIMEDOUT"],
]);

/** What the driver says without a code. */
const DRIVER = /timeout (exceeded|expired)|Query read timeout|Connection terminated|connection timeout/i;

/**
 * SQLSTATEs, most by their class: connection lost, transaction lost to another, out of resources, cancelled or shutting
 * down, fault of the machine; read-only, as a standby is until it is promoted; idle for too long; a lock not given.
 */
const FOR_NOW = /^(08...|40...|53...|57...|58...|25006|25P03|25P04|55P03)$/;

/** SQLSTATEs of what was asked for: no value, or one that a constraint forbids. */
const FOR_GOOD = /^(22|23)...$/;

/** Whether PostgreSQL was away, hung, cut us off, or takes nothing for now, however deep drizzle and pg wrapped it. */
export function isDatabaseAway(thrown: unknown): boolean {
  return chainOf(thrown).some((error) => {
    const code = codeOf(error);
    return (
      error instanceof DatabaseAway || NETWORK.has(code) || FOR_NOW.test(code) || DRIVER.test(error.message)
    );
  });
}

/** Whether PostgreSQL found fault with the data itself: asked again, it says the same again. */
export function isDataRefused(thrown: unknown): boolean {
  return chainOf(thrown).some((error) => FOR_GOOD.test(codeOf(error)));
}

/** An error and what caused it, outermost first. */
function chainOf(thrown: unknown): Error[] {
  return thrown instanceof Error ? [thrown, ...chainOf(thrown.cause)] : [];
}

function codeOf({ code }: Error & { code?: unknown }): string {
  return String(code);
}
