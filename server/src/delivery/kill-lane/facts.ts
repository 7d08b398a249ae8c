import { createHash } from "node:crypto";
import type { KillElement } from "@lanyard/evaluation";
import type { Announcement, Fact, Lift } from "../../fanout/index.ts";

/**
 * Two acceptances of one kill are two facts: the later may cover more, last longer, or come after a lift. Of nothing that
 * was given, since files are called by it.
 */
export function nameOf(fact: Fact): string {
  return createHash("sha256").update(JSON.stringify(fact)).digest("hex");
}

/** What one fact says in each of its environments; the first tells all of it. */
export function announcementsOf(fact: Fact): (Announcement & { type: "killed" | "lifted" })[] {
  const { id, at } = fact;
  const grouped = new Map<string, (KillElement & Lift)[]>();
  for (const { environmentId, flag } of fact.elements) {
    const known = grouped.get(environmentId) ?? [];
    known.push({ id, flag, at });
    grouped.set(environmentId, known);
  }
  return [...grouped].map(([environmentId, elements], index) => {
    const of = { environmentId, elements };
    if (fact.kind === "kill") return { type: "killed", ...of, ...(index === 0 && { fact }) };
    return { type: "lifted", ...of, ...(index === 0 && { fact }) };
  });
}
