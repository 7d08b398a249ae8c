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

/** What one fact says in each of its environments. */
export function announcementsOf(fact: Fact): (Announcement & { type: "killed" | "lifted" })[] {
  const { id, at } = fact;
  const grouped = new Map<string, (KillElement & Lift)[]>();
  for (const { environmentId, flag } of fact.elements)
    grouped.set(environmentId, [...(grouped.get(environmentId) ?? []), { id, flag, at }]);
  return [...grouped].map(([environmentId, elements]) =>
    fact.kind === "kill"
      ? { type: "killed", environmentId, elements, fact }
      : { type: "lifted", environmentId, elements, fact },
  );
}
