import type { ActiveKill, FlagListItem, FlagState } from "@lanyard/contract";
import type { Flag } from "@lanyard/evaluation";
import type { Head } from "../live/index.ts";
import type { FlagRow } from "./find-flag.ts";

/** One environment at a glance. */
export function presentState(head: Head, kills: ActiveKill[]): FlagState {
  return {
    on: head.flag.on,
    kills,
    serves: presentServes(head.flag),
    rules: head.flag.rules.length,
    targets: head.flag.targets.reduce((sum, { values }) => sum + values.length, 0),
    revision: head.number,
    updatedAt: head.createdAt.toISOString(),
  };
}

function presentServes({ fallthrough }: Flag): FlagState["serves"] {
  if ("variation" in fallthrough) return { variation: fallthrough.variation };
  return { split: fallthrough.split.weights.map(({ variation, weight }) => ({ variation, weight })) };
}

type Base = Omit<FlagListItem, "environments">;

/** What is the same everywhere; the definition is read from any of the flag's heads. */
export function presentBase(row: FlagRow, { audience, variations, off }: Flag): Base {
  const { id, key, name, description, tags, owner } = row;
  return {
    id,
    key,
    name,
    description,
    type: row.type as Base["type"],
    purpose: row.purpose as Base["purpose"],
    audience,
    tags,
    owner,
    variations,
    off,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
