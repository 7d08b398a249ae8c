import { and, asc, desc, eq, gt, lt, lte, sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import {
  changes,
  environments,
  killElements,
  liftElements,
  projects,
  publications,
} from "../../database/schema/index.ts";
import type { Elements } from "../../fanout/index.ts";
import { REMEMBERED_MS, thinned } from "./changed-since.ts";
import {
  type Entry,
  type EnvironmentState,
  type Lineage,
  newState,
  type Patch,
  type Reached,
  storedEntry,
} from "./state.ts";

/** At once. */
const CHANGES_READ = 1_000;

/** What the memory of environments asks of the database. */
export interface EnvironmentReader {
  /** The environment as the database has it; undefined when there is none. */
  environment(environmentId: string): Promise<EnvironmentState | undefined>;
  /** The newest publication of every key in (from, to]. */
  publications(
    environmentId: string,
    range: { epoch: number; from: number; to: number },
  ): Promise<Pick<Patch, "flags" | "segments" | "attributes">>;
  /** All of its kills and lifts; few enough to be read again whenever the counter moved. */
  kills(environmentId: string): Promise<Elements>;
  /** Ends a lineage that this node has served beyond what the database has; SDKs follow the new epoch. */
  startNewEpoch(served: Lineage & { id: string }): Promise<void>;
}

export function createReader(database: Database): EnvironmentReader {
  return {
    environment: (id) => readEnvironment(database, id),
    publications: (id, range) => readPublications(database, id, range),
    kills: (id) => readKills(database, id),
    startNewEpoch: (served) => startNewEpoch(database, served),
  };
}

async function readEnvironment(
  database: Database,
  environmentId: string,
): Promise<EnvironmentState | undefined> {
  const readAt = performance.now();
  const [row] = await database.read
    .select({ environment: environments, projectKey: projects.key })
    .from(environments)
    .innerJoin(projects, eq(projects.id, environments.projectId))
    .where(eq(environments.id, environmentId));
  if (!row) return undefined;
  const { id, projectId, key, epoch, revision, kills } = row.environment;
  const state = newState({ id, projectId, projectKey: row.projectKey, key });
  const content = await readPublications(database, id, { epoch, from: -1, to: revision });
  const reached = await readReached(database, row.environment);
  return Object.assign(state, {
    ...content,
    reached,
    epoch,
    revision,
    revisedAt: readAt,
    killsCounter: kills,
  });
}

/** When its newest revisions were made, by the record of its project, which tells of much else. */
async function readReached(
  database: Database,
  { id, projectId, revision }: { id: string; projectId: string; revision: number },
): Promise<Reached[]> {
  const oldest = Date.now() - REMEMBERED_MS;
  const newestFirst: Reached[] = [];
  for (let before: number | undefined; ; ) {
    const rows = await database.read
      .select({ at: changes.at, sequence: changes.sequence, revisions: changes.revisions })
      .from(changes)
      .where(
        and(
          eq(changes.projectId, projectId),
          before === undefined ? undefined : lt(changes.sequence, before),
        ),
      )
      .orderBy(desc(changes.sequence))
      .limit(CHANGES_READ);
    for (const { at, revisions } of rows) {
      const made = revisions[id];
      if (made !== undefined && made <= revision && at.getTime() > oldest)
        newestFirst.push({ revision: made, at: at.getTime() });
    }
    const last = rows.at(-1);
    if (!last || rows.length < CHANGES_READ || last.at.getTime() <= oldest)
      return thinned(newestFirst.reverse());
    before = last.sequence;
  }
}

/**
 * Publications are append-only and a revision is visible only with all of its publications, so reading up to a
 * revision seen before is consistent without a transaction.
 */
async function readPublications(
  database: Database,
  environmentId: string,
  { epoch, from, to }: { epoch: number; from: number; to: number },
): Promise<Pick<Patch, "flags" | "segments" | "attributes">> {
  const { kind, key, revision } = publications;
  const rows = await database.read
    .selectDistinctOn([kind, key], { kind, key, revision, content: publications.content })
    .from(publications)
    .where(
      and(
        eq(publications.environmentId, environmentId),
        lte(publications.epoch, epoch),
        gt(revision, from),
        // A lineage that was cut off may have gone further than the one that replaced it.
        lte(revision, to),
      ),
    )
    .orderBy(asc(kind), asc(key), desc(publications.epoch), desc(revision));
  const found = { flags: new Map(), segments: new Map(), attributes: new Map() };
  const entries: Record<(typeof rows)[number]["kind"], Map<string, Entry<unknown>>> = {
    flag: found.flags,
    segment: found.segments,
    attribute: found.attributes,
  };
  for (const row of rows) entries[row.kind].set(row.key, storedEntry(row.content, row.revision));
  return found;
}

async function readKills(database: Database, environmentId: string): Promise<Elements> {
  const killed = await database.read
    .select({ id: killElements.killId, flag: killElements.flagKey, at: killElements.at })
    .from(killElements)
    .where(eq(killElements.environmentId, environmentId));
  const lifted = await database.read
    .select({ id: liftElements.killId, flag: liftElements.flagKey, at: liftElements.at })
    .from(liftElements)
    .where(eq(liftElements.environmentId, environmentId));
  const inText = <Row extends { at: Date }>(row: Row) => ({ ...row, at: row.at.toISOString() });
  return { killed: killed.map(inText), lifted: lifted.map(inText) };
}

async function startNewEpoch(database: Database, served: Lineage & { id: string }): Promise<void> {
  await database.unrecorded((tx) =>
    tx.execute(sql`
      update environments set epoch = greatest(epoch, ${served.epoch}) + 1
      where id = ${served.id} and (epoch, revision) < (${served.epoch}, ${served.revision})`),
  );
}
