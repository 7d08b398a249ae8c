import type { Audience } from "@lanyard/evaluation";
import { and, eq, exists, ilike, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { QueryBuilder } from "drizzle-orm/pg-core";
import { flagHeads, flags, killElements, liftElements } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { liftOfElement } from "../live/index.ts";

export interface FlagFilter {
  search?: string | undefined;
  tag?: string | undefined;
  owner?: string | undefined;
  purpose?: string | undefined;
  audience?: Audience | undefined;
  /** State in `environment`. */
  state?: "on" | "off" | "killed" | undefined;
  environment?: string | undefined;
  archived: boolean;
}

interface Place {
  id: string;
  key: string;
}

/** The condition on `flags` that a list's filters make. */
export function matching(projectId: string, places: Place[], filter: FlagFilter): SQL | undefined {
  const place = places.find(({ key }) => key === filter.environment);
  if (filter.environment !== undefined && !place)
    throw unknown("/environment", "there is no such environment");
  if (filter.state && !place) throw unknown("/environment", "say the environment whose state is meant");
  return and(
    eq(flags.projectId, projectId),
    filter.archived ? isNotNull(flags.archivedAt) : isNull(flags.archivedAt),
    filter.search ? found(filter.search) : undefined,
    filter.tag === undefined ? undefined : sql`${flags.tags} @> array[${filter.tag}]::text[]`,
    filter.owner === undefined ? undefined : eq(flags.owner, filter.owner),
    filter.purpose === undefined ? undefined : eq(flags.purpose, filter.purpose),
    filter.audience && live(places[0]?.id ?? "", eq(flagHeads.audience, filter.audience)),
    filter.state && place && inState(place.id, filter.state),
  );
}

function found(search: string): SQL | undefined {
  const pattern = `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return or(ilike(flags.key, pattern), ilike(flags.name, pattern), ilike(flags.description, pattern));
}

/** A killed flag is neither on nor off: it is killed. */
function inState(environmentId: string, state: "on" | "off" | "killed"): SQL | undefined {
  const killed = killedIn(environmentId);
  if (state === "killed") return killed;
  return and(live(environmentId, eq(flagHeads.turnedOn, state === "on")), sql`not ${killed}`);
}

/** Whether the live revision in an environment is as `condition` says. */
function live(environmentId: string, condition: SQL): SQL {
  return exists(
    new QueryBuilder()
      .select({ one: sql`1` })
      .from(flagHeads)
      .where(and(eq(flagHeads.flagId, flags.id), eq(flagHeads.environmentId, environmentId), condition)),
  );
}

function killedIn(environmentId: string): SQL {
  return exists(
    new QueryBuilder()
      .select({ one: sql`1` })
      .from(killElements)
      .leftJoin(liftElements, liftOfElement())
      .where(
        and(
          eq(killElements.environmentId, environmentId),
          eq(killElements.flagKey, flags.key),
          isNull(liftElements.killId),
        ),
      ),
  );
}

function unknown(path: string, message: string): AppError {
  return new AppError("invalid-input", "The request has one fault; see errors.", {
    faults: [{ in: "query", path, message }],
  });
}
