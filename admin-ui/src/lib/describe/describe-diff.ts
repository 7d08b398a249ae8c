import type { Rule, Serve, Target } from "@lanyard/evaluation";
import { sameJson, type Targeting } from "../targeting.ts";
import { conditionWords, serveWords } from "./describe-condition.ts";
import { describeMovement } from "./describe-movement.ts";

/** One effect of a change, in words. */
export interface DiffLine {
  kind: "add" | "remove" | "change" | "turn-on" | "turn-off";
  text: string;
  /** Whom it moves, where that is known. */
  note?: string;
}

/** What saving `after` over `before` does, in the order in which a flag decides. */
export function describeDiff(before: Targeting, after: Targeting): DiffLine[] {
  return [
    ...onLines(before.on, after.on),
    ...prerequisiteLines(before, after),
    ...targetLines(before.targets, after.targets),
    ...ruleLines(before.rules, after.rules),
    ...serveLines("Everyone else", before.fallthrough, after.fallthrough),
    ...staleLines(before, after),
  ];
}

function onLines(before: boolean, after: boolean): DiffLine[] {
  if (before === after) return [];
  return [
    after
      ? { kind: "turn-on", text: "Turns the flag on" }
      : { kind: "turn-off", text: "Turns the flag off: everyone gets the off variation" },
  ];
}

function serveLines(whom: string, before: Serve, after: Serve): DiffLine[] {
  if (sameJson(before, after)) return [];
  const line: DiffLine = {
    kind: "change",
    text: `${whom}: ${serveWords(after)} (was ${serveWords(before)})`,
  };
  const note = movementNote(before, after);
  return [note ? { ...line, note } : line];
}

function movementNote(before: Serve, after: Serve): string | undefined {
  if (!("split" in before) || !("split" in after)) return undefined;
  return describeMovement(before.split, after.split)?.text;
}

const quoted = (values: string[]): string =>
  values.length > 4 ? `${values.slice(0, 3).join(", ")} and ${values.length - 3} more` : values.join(", ");

function targetLines(before: Target[], after: Target[]): DiffLine[] {
  const name = (target: Target) => `${target.unit}\n${target.variation}`;
  const names = [...new Set([...before, ...after].map(name))];
  return names.flatMap((key) => {
    const old = before.filter((target) => name(target) === key).flatMap((target) => target.values);
    const now = after.filter((target) => name(target) === key).flatMap((target) => target.values);
    const [unit = "", variation = ""] = key.split("\n");
    const of = unit === "targetingKey" ? "" : `${unit} `;
    const added = now.filter((value) => !old.includes(value));
    const removed = old.filter((value) => !now.includes(value));
    const lines: DiffLine[] = [];
    if (added.length > 0) lines.push({ kind: "add", text: `Targets ${variation} at ${of}${quoted(added)}` });
    if (removed.length > 0) {
      lines.push({ kind: "remove", text: `No longer targets ${variation} at ${of}${quoted(removed)}` });
    }
    return lines;
  });
}

function prerequisiteLines(before: Targeting, after: Targeting): DiffLine[] {
  const words = (list: Targeting["prerequisites"]) =>
    list.map((entry) => ({
      key: JSON.stringify(entry),
      text: `${entry.flag} serves ${entry.variations.join(" or ")}`,
    }));
  const old = words(before.prerequisites);
  const now = words(after.prerequisites);
  return [
    ...now
      .filter((entry) => !old.some((other) => other.key === entry.key))
      .map((entry): DiffLine => ({ kind: "add", text: `Requires that ${entry.text}` })),
    ...old
      .filter((entry) => !now.some((other) => other.key === entry.key))
      .map((entry): DiffLine => ({ kind: "remove", text: `No longer requires that ${entry.text}` })),
  ];
}

const ruleName = (index: number): string => `Rule ${index + 1}`;

function ruleLines(before: Rule[], after: Rule[]): DiffLine[] {
  const lines: DiffLine[] = [];
  for (const [index, rule] of before.entries()) {
    if (!after.some((other) => other.id === rule.id)) {
      lines.push({
        kind: "remove",
        text: `Removes ${ruleName(index).toLowerCase()}: if ${conditionWords(rule.when)}, serve ${serveWords(rule.serve)}`,
      });
    }
  }
  for (const [index, rule] of after.entries()) {
    const old = before.find((other) => other.id === rule.id);
    if (!old) {
      lines.push({
        kind: "add",
        text: `Adds ${ruleName(index).toLowerCase()}: if ${conditionWords(rule.when)}, serve ${serveWords(rule.serve)}`,
      });
      continue;
    }
    if (!sameJson(old.when, rule.when)) {
      lines.push({
        kind: "change",
        text: `${ruleName(index)} now asks: ${conditionWords(rule.when)} (was ${conditionWords(old.when)})`,
      });
    }
    lines.push(...serveLines(ruleName(index), old.serve, rule.serve));
  }
  return [...lines, ...orderLines(before, after)];
}

function orderLines(before: Rule[], after: Rule[]): DiffLine[] {
  const kept = (rules: Rule[], other: Rule[]) =>
    rules.map((rule) => rule.id).filter((id) => other.some((rule) => rule.id === id));
  const old = kept(before, after);
  const now = kept(after, before);
  if (old.every((id, at) => id === now[at])) return [];
  const order = now.map((id) => before.findIndex((rule) => rule.id === id) + 1);
  return [
    {
      kind: "change",
      text: `Reorders the rules: ${order.join(", ")} (by their old numbers)`,
      note: "The first rule that holds decides",
    },
  ];
}

function staleLines(before: Targeting, after: Targeting): DiffLine[] {
  if (sameJson(before.stale ?? null, after.stale ?? null)) return [];
  if (!after.stale) return [{ kind: "remove", text: "SDKs without contact keep the last answer" }];
  return [
    {
      kind: "change",
      text: `SDKs without contact for ${after.stale.afterSeconds} s serve the off variation`,
    },
  ];
}
