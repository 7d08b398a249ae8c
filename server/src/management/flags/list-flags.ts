import type { FlagListItem } from "@lanyard/contract";
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "../../database/database.ts";
import { environments, flagHeads, flags } from "../../database/schema/index.ts";
import { activeKills, type Head, type KilledFlag, readHeads } from "../live/index.ts";
import { cursorPart, fromCursor, pageOf, toCursor } from "../paging.ts";
import type { Services } from "../services.ts";
import type { FlagRow } from "./find-flag.ts";
import { type FlagFilter, matching } from "./flag-filter.ts";
import { presentBase, presentState } from "./present.ts";

export interface ListFlags extends FlagFilter {
  sort: "key" | "updated";
  cursor?: string | undefined;
  limit: number;
}

export interface FlagPage {
  items: FlagListItem[];
  cursor: string | null;
  total: number;
  tags: string[];
}

const KeyCursor = z.tuple([cursorPart.text]);
const UpdatedCursor = z.tuple([cursorPart.moment, cursorPart.text]);

interface Place {
  id: string;
  key: string;
}

export async function listFlags(services: Services, projectId: string, input: ListFlags): Promise<FlagPage> {
  const { read } = services.database;
  const places = await readPlaces(read, projectId);
  const filter = matching(projectId, places, input);
  const [rows, total, tags] = await Promise.all([
    read
      .select()
      .from(flags)
      .where(and(filter, after(input)))
      .orderBy(...order(input.sort))
      .limit(input.limit + 1),
    read.select({ number: count() }).from(flags).where(filter),
    readTags(read, projectId, input.archived),
  ]);
  const page = pageOf(rows, input.limit, ({ key, updatedAt }) =>
    input.sort === "key" ? toCursor(key) : toCursor(updatedAt.getTime(), key),
  );
  const items = await withStates(read, places, page.items);
  return { items, cursor: page.cursor, total: total[0]?.number ?? 0, tags };
}

function order(sort: ListFlags["sort"]): SQL[] {
  return sort === "key" ? [asc(flags.key)] : [desc(flags.updatedAt), asc(flags.key)];
}

function after({ sort, cursor }: ListFlags): SQL | undefined {
  if (cursor === undefined) return undefined;
  if (sort === "key") return gt(flags.key, fromCursor(cursor, KeyCursor)[0]);
  const [at, key] = fromCursor(cursor, UpdatedCursor);
  return or(lt(flags.updatedAt, at), and(eq(flags.updatedAt, at), gt(flags.key, key)));
}

function readPlaces(reader: Reader, projectId: string): Promise<Place[]> {
  return reader
    .select({ id: environments.id, key: environments.key })
    .from(environments)
    .where(eq(environments.projectId, projectId))
    .orderBy(asc(environments.position), asc(environments.id));
}

async function readTags(reader: Reader, projectId: string, archived: boolean): Promise<string[]> {
  const tag = sql<string>`unnest(${flags.tags})`;
  const rows = await reader
    .selectDistinct({ tag })
    .from(flags)
    .where(
      and(eq(flags.projectId, projectId), archived ? isNotNull(flags.archivedAt) : isNull(flags.archivedAt)),
    );
  return rows.map((row) => row.tag).sort();
}

async function withStates(reader: Reader, places: Place[], rows: FlagRow[]): Promise<FlagListItem[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const keys = rows.map(({ key }) => key);
  const placeIds = places.map(({ id }) => id);
  const [heads, kills] = await Promise.all([
    readHeads(reader, inArray(flagHeads.flagId, ids)),
    activeKills(reader, placeIds, keys),
  ]);
  return rows.flatMap((row) => {
    const own = heads.filter(({ flagId }) => flagId === row.id);
    const [first] = own;
    return first ? [{ ...presentBase(row, first.flag), environments: states(places, own, kills) }] : [];
  });
}

function states(places: Place[], heads: Head[], kills: KilledFlag[]): FlagListItem["environments"] {
  return Object.fromEntries(
    places.flatMap(({ id, key }) => {
      const head = heads.find(({ environmentId }) => environmentId === id);
      if (!head) return [];
      const own = kills.filter(({ environmentId, flag }) => environmentId === id && flag === head.key);
      return [
        [
          key,
          presentState(
            head,
            own.map(({ kill }) => kill),
          ),
        ],
      ];
    }),
  );
}
