import type { Condition, Ruleset } from "../model.ts";
import { pointer } from "../validate/fault.ts";
import { eachCondition } from "../validate/references.ts";

/** Where each part of a ruleset that becomes a step stands in it, as JSON pointers. */
export function pathsOf({ flags, segments }: Ruleset): ReadonlyMap<object, string> {
  const paths = new Map<object, string>();
  const place = (root: Condition, at: string) =>
    eachCondition(root, at, (condition, path) => {
      paths.set(condition, path);
    });
  for (const [key, { prerequisites, targets, rules, fallthrough }] of Object.entries(flags)) {
    prerequisites.forEach((prerequisite, i) => {
      paths.set(prerequisite, pathsOf.flag(key, `prerequisites/${i}`));
    });
    targets.forEach((target, i) => {
      paths.set(target, pathsOf.flag(key, `targets/${i}`));
    });
    rules.forEach(({ when, serve }, i) => {
      place(when, pathsOf.flag(key, `rules/${i}/when`));
      paths.set(serve, pathsOf.flag(key, `rules/${i}/serve`));
    });
    paths.set(fallthrough, pathsOf.flag(key, "fallthrough"));
  }
  for (const [key, { included, excluded, when }] of Object.entries(segments)) {
    const at = `/segments/${pointer(key)}`;
    paths.set(included, `${at}/included`);
    paths.set(excluded, `${at}/excluded`);
    if (when !== undefined) place(when, `${at}/when`);
  }
  return paths;
}

/** The pointer to a part of a flag. */
pathsOf.flag = (key: string, part: string): string => `/flags/${pointer(key)}/${part}`;
