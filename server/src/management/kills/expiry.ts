import type { killElements, kills, liftElements } from "../../database/schema/index.ts";

/** Who lifts kills whose time is over. */
export const EXPIRY = { kind: "system", id: "system", name: "expiry" } as const;

type Row<Table extends { $inferSelect: object }> = Table["$inferSelect"];

/**
 * When an element was lifted as people count. An expiry ends only what it knows and is written as of its kill; what has
 * gone on under another id is written as of what it came after.
 */
export function momentOfLift(
  { expiresAt }: Row<typeof kills>,
  { at: killedAt }: Row<typeof killElements>,
  { at, actorKind, actorName }: Row<typeof liftElements>,
): Date {
  const isExpiry = actorKind === EXPIRY.kind && actorName === EXPIRY.name;
  if (isExpiry && expiresAt !== null) return expiresAt;
  return at > killedAt ? at : killedAt;
}
