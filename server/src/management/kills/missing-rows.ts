import {
  activeKills,
  type Elements,
  emptyKillSet,
  isOnce,
  type Lift,
  type LiftElement,
  lastLifted,
  mergeKills,
  parseKillId,
} from "../../fanout/index.ts";

export interface Missing extends Elements {
  /** Whether any flag is killed that was not, rather than killed again. */
  isNewKill: boolean;
}

/**
 * The rows that one environment lacks of `news`: the database merges by the rule of memory, and says it a row an id.
 * What is over under any id of its root has a lift of that id; what is in force has a row of its id.
 */
export function missingRows(rows: Elements, news: Elements): Missing {
  const set = emptyKillSet();
  mergeKills(set, rows);
  mergeKills(set, news);
  const known = { killed: timesOf(rows.killed), lifted: timesOf(rows.lifted) };
  const killed = newest([...news.killed, ...activeKills(set)]).filter(
    (element) => !isAsNew(known.killed, element),
  );
  const ended = newest([...rows.killed, ...news.killed]).flatMap(({ id, flag, at }): Lift[] => {
    const liftedAt = lastLifted(set, { id, flag });
    const isOver = liftedAt >= Date.parse(at) || (liftedAt > 0 && isOnce(parseKillId(id).root));
    const isSaid = known.lifted.has(nameOf({ id, flag }));
    return isOver && !isSaid ? [{ id, flag, at: new Date(liftedAt).toISOString() }] : [];
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
