import type { Fault, Problem, ProblemCode } from "@lanyard/contract";

/** A request that the server refused, or that never reached it (`unreachable`). */
export class RequestFailed extends Error {
  readonly status: number;
  readonly code: ProblemCode | "unreachable";
  readonly faults: Fault[];
  /** What the server says about it: users of the thing, or its current state. */
  readonly context: unknown;
  readonly requestId: string | undefined;

  constructor(status: number, problem: Partial<Omit<Problem, "code">> & { code: RequestFailed["code"] }) {
    super(problem.detail ?? problem.title ?? "The request failed.");
    this.name = "RequestFailed";
    this.status = status;
    this.code = problem.code;
    this.faults = problem.errors ?? [];
    this.context = problem.context;
    this.requestId = problem.requestId;
  }
}

export const isCode = (error: unknown, ...codes: RequestFailed["code"][]): boolean =>
  error instanceof RequestFailed && codes.includes(error.code);

/** `/weights/0/variation` → `["weights", "0", "variation"]` (RFC 6901). */
export function pointerParts(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Faults of the body as form errors: `/project/key` → `project.key`. The first fault of a field wins. */
export function fieldErrors(error: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!(error instanceof RequestFailed)) return fields;
  for (const fault of error.faults) {
    if (fault.in !== "body") continue;
    const field = pointerParts(fault.path).join(".");
    fields[field] ??= fault.message;
  }
  return fields;
}

/** Faults at or under a path: `faultsUnder(faults, "/rules/2")`. */
export function faultsUnder(faults: Fault[], path: string): Fault[] {
  return faults.filter((fault) => fault.path === path || fault.path.startsWith(`${path}/`));
}

/** One sentence for a person. */
export function messageOf(error: unknown): string {
  if (error instanceof RequestFailed) return error.message;
  return "Something went wrong on this page. Reload it to start again.";
}
