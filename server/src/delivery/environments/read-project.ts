import type { Environment } from "@lanyard/contract";
import { and, asc, desc, eq, gte, inArray } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import { changes, environments, flags, projects } from "../../database/schema/index.ts";

export type IndexedFlag = Pick<typeof flags.$inferSelect, "key" | "name" | "tags" | "owner">;

/** A project as the kill page shows it, and what a kill can select flags by. */
export interface IndexedProject {
  name: string;
  /** In the order of the pages. */
  environments: Pick<Environment, "id" | "key" | "name" | "color" | "protected">[];
  flags: IndexedFlag[];
}

/** A project, and the newest change of its record that is in it for certain. */
export interface ReadProject {
  project: IndexedProject;
  upTo: { sequence: number; id: string } | undefined;
}

const CHANGES_MAX = 500;
/** Kinds of what changes without any word of the index. */
const UNINDEXED = new Set(["attribute", "invitation", "key", "kill", "member", "segment"]);
const FLAG = { key: flags.key, name: flags.name, tags: flags.tags, owner: flags.owner };

/** Reads what the record says has changed since, or everything. */
export async function readProject(
  database: Database,
  projectId: string,
  known: ReadProject | undefined,
): Promise<ReadProject> {
  const since = known && (await readChanges(database, projectId, known));
  if (!known || !since) return readWhole(database, projectId);
  const { keys, upTo } = since;
  if (keys.size === 0) return { ...known, upTo };
  const found = await database.read
    .select(FLAG)
    .from(flags)
    .where(and(eq(flags.projectId, projectId), inArray(flags.key, [...keys])));
  return { project: withFlags(known.project, keys, found), upTo };
}

/** The flags of which the record tells; undefined when it does not lead on from what is known, or tells of more. */
async function readChanges(database: Database, projectId: string, { upTo }: ReadProject) {
  if (!upTo) return undefined;
  const { id, sequence, subjectKind: kind, subjectKey: key } = changes;
  const rows = await database.read
    .select({ id, sequence, kind, key })
    .from(changes)
    .where(and(eq(changes.projectId, projectId), gte(sequence, upTo.sequence)))
    .orderBy(asc(sequence))
    .limit(CHANGES_MAX);
  const [first, ...later] = rows;
  // An older backup was restored, and other changes were made since.
  if (first?.id !== upTo.id || rows.length === CHANGES_MAX) return undefined;
  const told = later.filter(({ kind }) => !UNINDEXED.has(kind));
  if (told.some(({ kind }) => kind !== "flag")) return undefined;
  const newest = later.at(-1) ?? first;
  return {
    keys: new Set(told.map(({ key }) => key)),
    upTo: { sequence: newest.sequence, id: newest.id },
  };
}

/** The same object where nothing differs: most changes of a flag are of its targeting. */
function withFlags(known: IndexedProject, keys: ReadonlySet<string>, found: IndexedFlag[]): IndexedProject {
  const before = known.flags.filter(({ key }) => keys.has(key));
  const inOrder = (flags: IndexedFlag[]) => JSON.stringify(flags.sort((a, b) => (a.key < b.key ? -1 : 1)));
  if (inOrder(before) === inOrder(found)) return known;
  return { ...known, flags: [...known.flags.filter(({ key }) => !keys.has(key)), ...found] };
}

async function readWhole(database: Database, projectId: string): Promise<ReadProject> {
  // First, so that whatever is read after it holds this change.
  const [upTo] = await database.read
    .select({ sequence: changes.sequence, id: changes.id })
    .from(changes)
    .where(eq(changes.projectId, projectId))
    .orderBy(desc(changes.sequence))
    .limit(1);
  const [[project], environmentRows, flagRows] = await Promise.all([
    database.read.select({ name: projects.name }).from(projects).where(eq(projects.id, projectId)),
    database.read
      .select()
      .from(environments)
      .where(eq(environments.projectId, projectId))
      .orderBy(asc(environments.position), asc(environments.id)),
    database.read.select(FLAG).from(flags).where(eq(flags.projectId, projectId)),
  ]);
  const shown = environmentRows.map(({ id, key, name, color, protected: isProtected }) => ({
    ...{ id, key, name, protected: isProtected },
    color: color as Environment["color"],
  }));
  return { project: { name: project?.name ?? "", environments: shown, flags: flagRows }, upTo };
}
