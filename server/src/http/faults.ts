import type { Fault } from "@lanyard/contract";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Every fault of a parse, with its JSON pointer; of a union, those of the branch that was most nearly right. */
export function faultsOf(error: z.ZodError, where: Fault["in"]): Fault[] {
  return error.issues
    .flatMap((issue) => flatten(issue, []))
    .map(({ path, message }) => ({
      in: where,
      path: pointer(path),
      message,
    }));
}

interface Located {
  path: PropertyKey[];
  message: string;
}

function flatten(issue: Issue, above: PropertyKey[]): Located[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: "is not known here" }));
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ path, message: issue.message }];
  const branches = issue.errors.map((issues) => issues.flatMap((inner) => flatten(inner, path)));
  return branches.reduce((best, branch) => (distance(branch) < distance(best) ? branch : best));
}

/** Unknown and missing members at the top say that another shape was meant; deeper faults that this one was. */
function distance(faults: Located[]): number {
  const depth = Math.max(...faults.map((fault) => fault.path.length));
  return faults.length - depth * 10;
}

/** RFC 6901. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
