import type { Fault, ProblemCode } from "@lanyard/contract";

/**
 * A failure that a caller can act on. It knows a code and words, never an HTTP status: `http/problem.ts` maps it.
 * Anything else that is thrown is our own defect and reaches the caller as `internal`, without its message.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ProblemCode;
  readonly faults: Fault[] | undefined;
  readonly context: unknown;
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    more: { faults?: Fault[]; context?: unknown; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.faults = more.faults;
    this.context = more.context;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** Every fault of a body at once. `path` is a JSON pointer. */
export function invalidBody(faults: { path: string; message: string }[]): AppError {
  const first = faults[0];
  const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
  return new AppError("invalid-input", `The request has ${count}${first ? `: ${first.message}` : ""}.`, {
    faults: faults.map((fault) => ({ in: "body", ...fault })),
  });
}

/** For what is absent and for what the caller may not know of: strangers learn nothing. */
export function notFound(what: string): AppError {
  return new AppError("not-found", `There is no such ${what}, or you may not see it.`);
}
