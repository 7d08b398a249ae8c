import { z } from "zod";

/** The closed list of problem codes; their statuses are a table in the server's `http/problem.ts`. */
export const PROBLEM_CODES = [
  "invalid-input",
  "malformed-json",
  "unauthenticated",
  "forbidden",
  "not-found",
  "already-exists",
  "revision-conflict",
  "in-use",
  "flag-killed",
  "already-lifted",
  "archived",
  "not-archived",
  "setup-done",
  "link-expired",
  "origin-refused",
  "context-refused",
  "context-expired",
  "body-too-large",
  "unsupported-media-type",
  "rate-limited",
  "unavailable",
  "internal",
] as const;

export const ProblemCode = z.enum(PROBLEM_CODES);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** One fault of the input: where, and what to do about it. */
export const Fault = z.object({
  in: z.enum(["body", "query", "path", "header"]),
  /** JSON pointer (RFC 6901) inside `in`; empty for the whole of it. */
  path: z.string(),
  message: z.string(),
});
export type Fault = z.infer<typeof Fault>;

/** RFC 9457 problem document, `application/problem+json`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: ProblemCode,
  detail: z.string(),
  /** Every fault at once. */
  errors: z.array(Fault).optional(),
  /** With `in-use`: what uses it. With `revision-conflict`: the current state. With `already-lifted`: what else holds. */
  context: z.unknown().optional(),
  requestId: z.string(),
});
export type Problem = z.infer<typeof Problem>;
