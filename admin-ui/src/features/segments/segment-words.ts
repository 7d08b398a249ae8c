import type { ManagedSegment } from "@lanyard/contract";
import { conditionWords } from "../../lib/describe/describe-condition.ts";

const units = (count: number): string => (count === 1 ? "1 unit" : `${count.toLocaleString("en")} units`);

/** Who is in it, in short. */
export function contentWords({ when, included, excluded }: ManagedSegment["content"]): string {
  const parts: string[] = [];
  if (when) parts.push(conditionWords(when));
  if (included.length > 0) parts.push(`${units(included.length)} included`);
  if (excluded.length > 0) parts.push(`${units(excluded.length)} excluded`);
  return parts.length > 0 ? parts.join("; ") : "Nobody yet";
}

export function usedByWords(usedBy: ManagedSegment["usedBy"]): string {
  const flags = usedBy.filter((one) => one.kind === "flag").length;
  const segments = usedBy.length - flags;
  const parts: string[] = [];
  if (flags > 0) parts.push(flags === 1 ? "1 flag" : `${flags} flags`);
  if (segments > 0) parts.push(segments === 1 ? "1 segment" : `${segments} segments`);
  return parts.length > 0 ? `Used by ${parts.join(" and ")}` : "Not used";
}
