import {
  activeKills,
  type Elements,
  emptyKillSet,
  type Lift,
  type LiftElement,
  lastLifted,
  mergeKills,
} from "../../fanout/index.ts";

export interface Missing extends Elements {
  /** Whether any flag is killed that was not, rather than killed again. */
  isNewKill: boolean;
}

/**
 * The rows that one environment lacks of `news`: the database merges by the rule of memory, and says it a row an id.
 * Every id of a root that is over has its lift; what is in force under another id has a row of that id.
 */
export function missingRows(rows: Elements, news: Elements): Missing {
  const set = emptyKillSet();
  mergeKills(set, rows);
  mergeKills(set, news);
  const known = { killed: timesOf(rows.killed), lifted: timesOf(rows.lifted) };
  const active = new Map(activeKills(set).map((element) => [nameOf(element), element]));
  const killed = newest([...news.killed, ...active.values()]).filter(
    (element) => !isAsNew(known.killed, element),
  );
  const ended = newest([...rows.killed, ...news.killed]).flatMap((element): Lift[] => {
    const at = new Date(lastLifted(set, element)).toISOString();
    const isOver = !active.has(nameOf(element)) && lastLifted(set, element) > 0;
    return isOver && !known.lifted.has(nameOf(element)) ? [{ id: element.id, flag: element.flag, at }] : [];
  });
  const lifted = newest([...news.lifted, ...ended]).filter((lift) => !isAsNew(known.lifted, lift));
  return { killed, lifted, isNewKill: killed.some((element) => !known.killed.has(nameOf(element))) };
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
