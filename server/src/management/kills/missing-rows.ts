import {
  activeKills,
  type Elements,
  emptyKillSet,
  inForce,
  isOver,
  type KillSet,
  type Lift,
  type LiftElement,
  lastLifted,
  mergeKills,
  parseKillId,
} from "../../fanout/index.ts";

export interface Missing extends Elements {
  /** Whether any flag is killed that was not, rather than killed again. */
  isNewKill: boolean;
  /** Kills of which a flag goes on under a later id. */
  continued: Continued[];
}

export interface Continued {
  from: string;
  to: string;
}

/**
 * The rows that one environment lacks of `news`: the database merges by the rule of memory, and says it a row an id.
 * What is over, lifted under any id of its root or gone on under a later one, has a lift of its id; what is in force has
 * a row of its id. So of each flag under a root at most one row is open, and whoever lifts it ends no other.
 */
export function missingRows(rows: Elements, news: Elements): Missing {
  const set = emptyKillSet();
  mergeKills(set, rows);
  mergeKills(set, news);
  const known = { killed: timesOf(rows.killed), lifted: timesOf(rows.lifted) };
  const killed = newest([...news.killed, ...activeKills(set)]).filter(
    (element) => !isAsNew(known.killed, element),
  );
  const over = newest([...rows.killed, ...news.killed]).filter((element) => isOver(set, element));
  const ended = over
    .filter((element) => !known.lifted.has(nameOf(element)))
    .map(({ id, flag }): Lift => ({ id, flag, at: new Date(endOf(set, { id, flag })).toISOString() }));
  // What was lifted since has no claim to last.
  const continued = over.flatMap(({ id, flag, at }): Continued[] => {
    const next = lastLifted(set, { id, flag }) < Date.parse(at) && inForce(set, { id, flag });
    return next ? [{ from: id, to: next.id }] : [];
  });
  const lifted = newest([...news.lifted, ...ended]).filter((lift) => !isAsNew(known.lifted, lift));
  const isNewKill = killed.some((element) => !known.killed.has(nameOf(element)));
  return { killed, lifted, isNewKill, continued };
}

/**
 * When an element that is over was lifted. For one that has only gone on under a later id it is the lift that itself
 * comes after, which says nothing new: so its own lift, when it is heard of, does.
 */
function endOf(set: KillSet, element: LiftElement): number {
  return Math.max(lastLifted(set, element), parseKillId(element.id).after);
}

/** One of each name. */
function newest<Element extends LiftElement & { at: string }>(elements: Element[]): Element[] {
  const byName = new Map<string, Element>();
  for (const element of elements) if (!isAsNew(byName, element)) byName.set(nameOf(element), element);
  return [...byName.values()];
}

function timesOf(elements: (LiftElement & { at: string })[]): Map<string, { at: string }> {
  return new Map(elements.map((element) => [nameOf(element), element]));
}

function isAsNew(known: Map<string, { at: string }>, element: LiftElement & { at: string }): boolean {
  const row = known.get(nameOf(element));
  return row !== undefined && row.at >= element.at;
}

function nameOf({ id, flag }: LiftElement): string {
  return `${id}\n${flag}`;
}
