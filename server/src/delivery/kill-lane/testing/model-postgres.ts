import type { Flag, KillElement } from "@lanyard/evaluation";
import type { Elements, Fact, Lift, LiftElement } from "../../../fanout/index.ts";
import {
  activeKills,
  emptyKillSet,
  lastLifted,
  mergeKills,
  parseKillId,
  timeOfLift,
} from "../../../fanout/index.ts";
import { missingRows } from "../../../management/kills/missing-rows.ts";
import { elementsOf, isNews } from "../../../management/kills/record-fact.ts";
import type { EnvironmentReader, EnvironmentState } from "../../environments/index.ts";
import { entryOf, newState } from "../../environments/state.ts";
import { nameOf } from "../facts.ts";
import type { LostKills, Recorded } from "../lane.ts";

interface Row {
  epoch: number;
  revision: number;
  kills: number;
  elements: Elements;
}

interface Tables {
  environments: Map<string, Row>;
  /** One line a fact. */
  record: string[];
  /** When each kill ends by itself, in epoch milliseconds. */
  ends: Map<string, number>;
}

/** Known everywhere: the model is about kills. */
export const FLAGS = ["checkout", "search"];

const NEVER = Number.POSITIVE_INFINITY;

/** The one project of the model. */
export const placeOf = (id: string) => ({ id, projectId: "prj", projectKey: "shop", key: id });

/** PostgreSQL as a test can stop, back up and restore it; what is written is decided by the real code. */
export class Postgres {
  up = true;
  #tables: Tables;
  #backup: Tables | undefined;
  /** The next commit is made and its answer lost. */
  loseNextAnswer = false;

  constructor(environmentIds: string[]) {
    const row = () => ({ epoch: 1, revision: 0, kills: 0, elements: { killed: [], lifted: [] } });
    this.#tables = {
      environments: new Map(environmentIds.map((id) => [id, row()])),
      record: [],
      ends: new Map(),
    };
  }

  get environmentIds(): string[] {
    return [...this.#tables.environments.keys()];
  }

  get record(): readonly string[] {
    return this.#tables.record;
  }

  row(environmentId: string): Row {
    return this.#tables.environments.get(environmentId) as Row;
  }

  commit(fact: Fact): Recorded {
    const merged = new Map(
      [...elementsOf(fact)].map(([id, elements]) => [id, this.#merge(id, elements)] as const),
    );
    const all = [...merged.values()];
    if (fact.kind === "kill")
      for (const id of [fact.id, ...all.flatMap(({ killed }) => killed.map((each) => each.id))])
        this.#last(id, fact.expiresAt === null ? NEVER : Date.parse(fact.expiresAt));
    for (const { continued } of all)
      for (const { from, to } of continued) this.#last(to, this.#tables.ends.get(from) ?? NEVER);
    if (isNews(fact, merged)) this.#tables.record.push(nameOf(fact));
    return { id: fact.id, expiresAt: null, over: fact.kind === "kill" ? this.#over(fact) : [] };
  }

  #over({ id, elements }: Fact): Recorded["over"] {
    return elements.flatMap(({ environmentId, flag }) => {
      const set = emptyKillSet();
      mergeKills(set, this.row(environmentId).elements);
      const { root } = parseKillId(id);
      const holds = activeKills(set).some((each) => parseKillId(each.id).root === root && each.flag === flag);
      const at = new Date(lastLifted(set, { id, flag })).toISOString();
      return holds ? [] : [{ environmentId, flag, at }];
    });
  }

  restoreKills({ environmentId, killed, lifted }: LostKills): void {
    for (const { id } of this.#merge(environmentId, { killed, lifted }).killed) this.#last(id, NEVER);
  }

  /** What an owner lifts with PostgreSQL at hand: all that it holds open under the id. */
  lift(environmentId: string, id: string): Lift[] {
    return this.#end(environmentId, id, Date.now());
  }

  /** What a server ends by the clock. */
  expire(environmentId: string): Lift[] {
    const isDue = (id: string) => (this.#tables.ends.get(id) ?? NEVER) <= Date.now();
    const due = new Set(this.openRows(environmentId).flatMap(({ id }) => (isDue(id) ? [id] : [])));
    return [...due].flatMap((id) => this.#end(environmentId, id, 0));
  }

  #end(environmentId: string, kill: string, until: number): Lift[] {
    const open = this.openRows(environmentId).filter(({ id }) => id === kill);
    const lifted = open.map(({ id, flag, at }) => ({ id, flag, at: timeOfLift(until, [Date.parse(at)]) }));
    this.#merge(environmentId, { killed: [], lifted });
    return lifted;
  }

  /** Rows that no row lifts, as the pages read them. */
  openRows(environmentId: string): KillElement[] {
    const { killed, lifted } = this.row(environmentId).elements;
    const isOpen = (row: LiftElement) => !lifted.some(({ id, flag }) => id === row.id && flag === row.flag);
    return killed.filter(isOpen);
  }

  /** A kill lasts for the longest that was asked for. */
  #last(id: string, end: number): void {
    const { ends } = this.#tables;
    ends.set(id, Math.max(ends.get(id) ?? 0, end));
  }

  change(environmentId: string): Row {
    const row = this.row(environmentId);
    row.revision += 1;
    return row;
  }

  backUp(): void {
    this.#backup = structuredClone(this.#tables);
  }

  restore(): boolean {
    if (!this.#backup) return false;
    this.#tables = structuredClone(this.#backup);
    return true;
  }

  reader(reach: () => void): EnvironmentReader {
    const read = async (id: string) => {
      reach();
      return structuredClone(this.row(id));
    };
    return {
      async environment(id): Promise<EnvironmentState> {
        const { epoch, revision, kills } = await read(id);
        const flags = new Map(FLAGS.map((key) => [key, entryOf({ key } as unknown as Flag, 0)]));
        return Object.assign(newState(placeOf(id)), {
          flags,
          epoch,
          revision,
          revisedAt: performance.now(),
          killsCounter: kills,
        });
      },
      async publications() {
        reach();
        return { flags: new Map(), segments: new Map(), attributes: new Map() };
      },
      kills: async (id) => (await read(id)).elements,
      startNewEpoch: async (served) => {
        reach();
        const row = this.row(served.id);
        if (row.epoch < served.epoch || (row.epoch === served.epoch && row.revision < served.revision))
          row.epoch = Math.max(row.epoch, served.epoch) + 1;
      },
    };
  }

  #merge(environmentId: string, news: Elements) {
    const row = this.row(environmentId);
    const missing = missingRows(row.elements, news);
    for (const kind of ["killed", "lifted"] as const)
      row.elements[kind] = upsert(row.elements[kind], missing[kind]);
    if (missing.killed.length + missing.lifted.length > 0) row.kills = Math.max(row.kills + 1, Date.now());
    return missing;
  }
}

function upsert<Element extends { id: string; flag: string }>(rows: Element[], more: Element[]): Element[] {
  const byKey = new Map(rows.map((row) => [`${row.id} ${row.flag}`, row]));
  for (const row of more) byKey.set(`${row.id} ${row.flag}`, row);
  return [...byKey.values()];
}
