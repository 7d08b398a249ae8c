import type { Problem, ProblemCode } from "@lanyard/contract";
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Logger } from "pino";
import { isDatabaseAway } from "../database/away.ts";
import { AppError } from "../errors.ts";

/** The one place that gives a code its HTTP status and title. */
const PROBLEMS: Record<ProblemCode, { status: number; title: string }> = {
  "invalid-input": { status: 400, title: "The request is not valid" },
  "malformed-json": { status: 400, title: "The body is not valid JSON" },
  unauthenticated: { status: 401, title: "Sign in or present a valid key" },
  "context-expired": { status: 401, title: "The signed context has expired" },
  forbidden: { status: 403, title: "Not allowed" },
  "origin-refused": { status: 403, title: "This origin may not call" },
  "context-refused": { status: 403, title: "The signed context is not believed" },
  "not-found": { status: 404, title: "Not found" },
  "already-exists": { status: 409, title: "It exists already" },
  "revision-conflict": { status: 409, title: "Somebody saved in between" },
  "in-use": { status: 409, title: "Still in use" },
  "flag-killed": { status: 409, title: "The flag is killed" },
  "already-lifted": { status: 409, title: "The kill was lifted already" },
  archived: { status: 409, title: "The flag is archived" },
  "not-archived": { status: 409, title: "The flag is not archived" },
  "setup-done": { status: 409, title: "Setup is done already" },
  "link-expired": { status: 410, title: "The link is no longer valid" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "Send application/json" },
  "rate-limited": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "Not available right now" },
};

/** What body-parser throws, by its `type`. */
const PARSER_FAULTS: Record<string, ConstructorParameters<typeof AppError>> = {
  "entity.too.large": ["body-too-large", "The body is larger than this endpoint takes."],
  "entity.parse.failed": ["malformed-json", "The body is not valid JSON."],
  "encoding.unsupported": ["unsupported-media-type", "Send an identity, gzip or deflate encoded body."],
  "charset.unsupported": ["unsupported-media-type", "Send UTF-8."],
  "request.size.invalid": ["malformed-json", "The body is shorter than its Content-Length."],
  "request.aborted": ["malformed-json", "The body ended early."],
};

/** Puts an error's words into a body; status, `Retry-After` and `WWW-Authenticate` are set already. */
export type WriteError = (error: AppError, req: Request, res: Response) => void;

/** Sends an error as an RFC 9457 problem; unknown errors are logged and never show their message. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return errorHandler(log, writeProblem);
}

/** The same for a protocol that has a shape of its own for errors. */
export function errorHandler(log: Logger, write: WriteError): ErrorRequestHandler {
  return function sendError(thrown, req, res, next) {
    if (res.headersSent) {
      next(thrown);
      return;
    }
    const error = toAppError(thrown);
    if (error.code === "internal")
      log.error({ err: thrown, requestId: res.locals.requestId }, "request failed");
    const { status } = PROBLEMS[error.code];
    if (status === 401) res.setHeader("WWW-Authenticate", "Bearer");
    if (error.retryAfterSeconds !== undefined)
      res.setHeader("Retry-After", Math.ceil(error.retryAfterSeconds));
    res.status(status);
    write(error, req, res);
  };
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const parserFault = PARSER_FAULTS[String((thrown as { type?: unknown })?.type)];
  if (parserFault) return new AppError(...parserFault);
  if (thrown instanceof URIError)
    return new AppError("invalid-input", "The path is not valid percent-encoding.");
  if (isDatabaseAway(thrown))
    return new AppError(
      "unavailable",
      "The database cannot be used right now; kills and SDK streams go on.",
      {
        retryAfterSeconds: 2,
      },
    );
  return new AppError("internal", "Something went wrong on our side; the log has the request id.");
}

function writeProblem(error: AppError, _req: Request, res: Response): void {
  const { status, title } = PROBLEMS[error.code];
  const problem: Problem = {
    type: `urn:lanyard:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(error.faults && { errors: error.faults }),
    ...(error.context !== undefined && { context: error.context }),
    requestId: String(res.locals.requestId ?? ""),
  };
  res.type("application/problem+json").send(JSON.stringify(problem));
}
