import type { Change, ChangeAction } from "@lanyard/contract";
import type { Condition, JsonValue } from "@lanyard/evaluation";
import { someOf } from "../some-of.ts";
import { isTargeting, sameJson } from "../targeting.ts";
import { conditionWords, valueWords } from "./describe-condition.ts";
import { type DiffLine, describeDiff } from "./describe-diff.ts";
import { isPlain, killedFlags } from "./killed.ts";

/** What was done, for the head of a change: `flag.targeting.saved` → `saved the targeting of`. */
const VERBS: Record<ChangeAction, string> = {
  "project.created": "made the project",
  "environment.created": "made the environment",
  "environment.edited": "edited the environment",
  "flag.created": "made the flag",
  "flag.edited": "edited the flag",
  "flag.targeting.saved": "saved the targeting of",
  "flag.targeting.restored": "restored the targeting of",
  "flag.archived": "archived the flag",
  "flag.unarchived": "brought back the flag",
  "flag.deleted": "deleted the flag",
  "segment.created": "made the segment",
  "segment.saved": "edited the segment",
  "segment.deleted": "deleted the segment",
  "attribute.saved": "registered the attribute",
  "attribute.deleted": "forgot the attribute",
  "key.created": "made the key",
  "key.revoked": "revoked the key",
  "member.invited": "invited",
  "member.invitation-revoked": "took back the invitation of",
  "member.joined": "joined as",
  "member.role-changed": "changed the role of",
  "member.removed": "removed the member",
  "kill.accepted": "killed",
  "kill.lifted": "lifted the kill of",
  "kill.lifted-as-break-glass": "lifted, as break-glass, the kill of",
  "kill.lifted-on-resolve": "lifted, as the alert is resolved, the kill of",
  "kill.expired": "ended, by its time, the kill of",
  "kill.restored": "merged back, lost with a restored backup, kills and lifts of",
};

/** What was done; `alone` where the page says to what. */
export const actionWords = (action: ChangeAction, alone = false): string =>
  alone ? VERBS[action].replace(/ of$/, "") : VERBS[action];

const SHOWN = 4;

type Named = Pick<Change, "action" | "subject" | "before" | "after">;

/** What a change is about, as people call it: kills by their flags, keys by name, people by email; else by its key. */
export function subjectWords({ action, subject, before, after }: Named): string {
  const held = isPlain(after) ? after : isPlain(before) ? before : {};
  if (action.startsWith("kill.")) {
    return someOf(killedFlags(held), SHOWN) || subject.key;
  }
  const name = { key: held.name, invitation: held.email, member: held.email }[subject.kind];
  return typeof name === "string" && name !== "" ? name : subject.key;
}

/** The targeting inside what a change holds: the thing itself, or under `targeting`. */
function targetingIn(value: unknown) {
  if (isTargeting(value)) return value;
  if (isPlain(value) && isTargeting(value.targeting)) return value.targeting;
  return undefined;
}

/** A change as lines; in words where the shape is known, field by field where it is not. */
export function describeChange(change: Pick<Change, "before" | "after">): DiffLine[] {
  const [before, after] = [targetingIn(change.before), targetingIn(change.after)];
  if (before && after) return describeDiff(before, after);
  if (isPlain(change.before) && isPlain(change.after)) return fieldLines(change.before, change.after);
  return [];
}

const HIDDEN = new Set(["id", "hash", "updatedAt", "createdAt", "revision", "version", "seed"]);

function fieldLines(before: Record<string, unknown>, after: Record<string, unknown>): DiffLine[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (HIDDEN.has(name) || sameJson(was ?? null, is ?? null)) return [];
    if (name === "content" && isPlain(was) && isPlain(is)) return fieldLines(was, is);
    if (Array.isArray(was) && Array.isArray(is)) return listLines(name, was, is);
    return [
      { kind: "change", text: `${name}: ${shown(name, is)} (was ${shown(name, was)})` } satisfies DiffLine,
    ];
  });
}

function listLines(name: string, was: unknown[], is: unknown[]): DiffLine[] {
  const missing = (from: unknown[], list: unknown[]) =>
    list.filter((item) => !from.some((other) => sameJson(other, item)));
  const words = (items: unknown[]) => {
    const texts = items.map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
    return someOf(texts, SHOWN);
  };
  const added = missing(was, is);
  const removed = missing(is, was);
  const lines: DiffLine[] = [];
  if (added.length > 0) lines.push({ kind: "add", text: `${name}: adds ${words(added)}` });
  if (removed.length > 0) lines.push({ kind: "remove", text: `${name}: removes ${words(removed)}` });
  return lines.length > 0 ? lines : [{ kind: "change", text: `${name}: another order` }];
}

function shown(name: string, value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (name === "when") return conditionWords(value as Condition);
  return valueWords(value as JsonValue);
}
