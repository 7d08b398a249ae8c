import type { Environment, NewKill } from "@lanyard/contract";
import { environmentNames } from "../../lib/environment-names.ts";

/** What is being put together on the kill page, before it is held down. */
export interface KillDraft {
  by: "flags" | "tag" | "owner" | "changed";
  flags: string[];
  tag: string;
  owner: string;
  environments: string[];
  reason: string;
}

/** What is still missing, as a sentence; undefined when the kill can be sent. */
export function missingFrom(draft: KillDraft): string | undefined {
  if (draft.by === "flags" && draft.flags.length === 0) return "Choose a flag";
  if (draft.by === "tag" && draft.tag === "") return "Choose a tag";
  if (draft.by === "owner" && draft.owner === "") return "Choose an owner";
  if (draft.environments.length === 0) return "Choose an environment";
  if (draft.reason.trim() === "") return "Say why";
  return undefined;
}

const HOUR_MS = 3_600_000;

export function killBody(draft: KillDraft, project: string, idempotencyKey: string, now: number): NewKill {
  const common = { project, environments: draft.environments, reason: draft.reason.trim(), idempotencyKey };
  switch (draft.by) {
    case "flags":
      return { ...common, flags: draft.flags };
    case "tag":
      return { ...common, tag: draft.tag };
    case "owner":
      return { ...common, owner: draft.owner };
    case "changed":
      return { ...common, changedSince: new Date(now - HOUR_MS).toISOString() };
  }
}

/** What the button says: the kill in few words. */
export function killWords(draft: KillDraft, environments: Pick<Environment, "key" | "name">[]): string {
  const names = environmentNames(draft.environments, environments);
  const where = names.length > 2 ? `${names.length} environments` : names.join(" and ");
  return `Hold to kill ${whatWords(draft)} in ${where}`;
}

function whatWords({ by, flags, tag, owner }: KillDraft): string {
  switch (by) {
    case "flags":
      return flags.length === 1 ? (flags[0] ?? "") : `${flags.length} flags`;
    case "tag":
      return `all tagged ${tag}`;
    case "owner":
      return `all that ${owner} owns`;
    case "changed":
      return "all changed in the last hour";
  }
}

/** The environments to begin with: the one asked for, else those that are protected, else all. */
export function startingEnvironments(
  environments: { key: string; protected: boolean }[],
  asked: string | undefined,
): string[] {
  if (asked && environments.some((one) => one.key === asked)) return [asked];
  const guarded = environments.filter((one) => one.protected);
  return (guarded.length > 0 ? guarded : environments).map((one) => one.key);
}
