import type { FlagDetail } from "@lanyard/contract";
import { asc, eq } from "drizzle-orm";
import type { Reader } from "../../database/database.ts";
import { environments, flags } from "../../database/schema/index.ts";
import { activeKills, readHeads, targetingOf } from "../live/index.ts";
import { dependantsOf, keysOf } from "./dependants.ts";
import { findFlag } from "./find-flag.ts";
import { presentBase, presentState } from "./present.ts";

/** A flag with everything that its page shows. */
export async function readFlagDetail(reader: Reader, projectId: string, key: string): Promise<FlagDetail> {
  const row = await findFlag(reader, projectId, key);
  const places = await reader
    .select({ id: environments.id, key: environments.key })
    .from(environments)
    .where(eq(environments.projectId, projectId))
    .orderBy(asc(environments.position), asc(environments.id));
  const ids = places.map(({ id }) => id);
  const heads = await readHeads(reader, eq(flags.id, row.id));
  const kills = await activeKills(reader, ids, [key]);
  const dependants = await dependantsOf(reader, projectId, key);
  const states: FlagDetail["environments"] = {};
  for (const place of places) {
    const head = heads.find(({ environmentId }) => environmentId === place.id);
    if (!head) continue;
    const own = kills.filter(({ environmentId }) => environmentId === place.id).map(({ kill }) => kill);
    states[place.key] = { ...presentState(head, own), targeting: targetingOf(head.flag) };
  }
  const first = heads[0];
  if (!first) throw new Error(`flag ${row.id} has no head`);
  return {
    ...presentBase(row, first.flag),
    seed: row.seed,
    version: row.version,
    environments: states,
    dependants: keysOf(dependants),
  };
}
