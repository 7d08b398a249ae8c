import type { Flag, Ruleset, Segment } from "../model.ts";
import type { Extensions } from "../operators/modules.ts";
import { checkCondition, checkTogether } from "./conditions.ts";
import { type Fault, Faults, LIMITS, pointer } from "./fault.ts";
import { checkFlag } from "./flag.ts";
import { inspectReferences } from "./graph.ts";
import { references } from "./references.ts";
import { checkText } from "./text.ts";

export { type Fault, type FaultCode, LIMITS } from "./fault.ts";
export { type AttributeUse, eachCondition, type References, references } from "./references.ts";

/** The environment a definition is to be saved in, and what its evaluators know. */
export interface Surroundings {
  flags: Readonly<Record<string, Flag>>;
  segments: Readonly<Record<string, Segment>>;
  extensions?: Extensions;
}

/** Every fault of a flag that is to be saved under `key`, all at once; its shape has been checked before. */
export function validateFlag(
  key: string,
  flag: Flag,
  { flags, segments, extensions = {} }: Surroundings,
): Fault[] {
  const faults = new Faults();
  const find = (other: string) => (other === key ? flag : own(flags, other));
  checkText(flag, faults);
  checkFlag(
    flag,
    { extensions, flag: find, hasSegment: (segment) => Object.hasOwn(segments, segment) },
    faults,
  );
  checkReferences(
    key,
    "/prerequisites",
    faults,
    (other) => find(other)?.prerequisites.map((each) => each.flag) ?? [],
  );
  return faults.found;
}

/** Every fault of a segment that is to be saved under `key`. */
export function validateSegment(
  key: string,
  segment: Segment,
  { segments, extensions = {} }: Surroundings,
): Fault[] {
  const faults = new Faults();
  const { unit, included, excluded, when } = segment;
  const find = (other: string) => (other === key ? segment : own(segments, other));
  checkText(segment, faults);
  if (unit === "") faults.add("/unit", "empty", "The attribute to look up is missing.");
  faults.limit("/included", included.length, LIMITS.listValues, "values in a list");
  faults.limit("/excluded", excluded.length, LIMITS.listValues, "values in a list");
  if (when !== undefined) {
    const known = { extensions, hasSegment: (other: string) => find(other) !== undefined };
    faults.limit(
      "/when",
      checkCondition(when, "/when", known, faults),
      LIMITS.conditions,
      "conditions in a segment",
    );
    checkTogether([when], "/when", known, faults);
  }
  checkReferences(key, "/when", faults, (other) => {
    const definition = find(other);
    return definition === undefined ? [] : references(definition).segments;
  });
  return faults.found;
}

/** Every fault of a whole ruleset. */
export function validate(ruleset: Ruleset, extensions: Extensions = {}): Fault[] {
  const within = { ...ruleset, extensions };
  const faults = new Faults();
  faults.limit("/flags", Object.keys(ruleset.flags).length, LIMITS.flags, "flags in an environment");
  const place = (kind: string, key: string, found: Fault[]) =>
    found.map((fault) => ({ ...fault, path: `/${kind}/${pointer(key)}${fault.path}` }));
  return [
    ...faults.found,
    ...Object.entries(ruleset.segments).flatMap(([key, segment]) =>
      place("segments", key, validateSegment(key, segment, within)),
    ),
    ...Object.entries(ruleset.flags).flatMap(([key, flag]) =>
      place("flags", key, validateFlag(key, flag, within)),
    ),
  ];
}

function checkReferences(
  key: string,
  path: string,
  faults: Faults,
  referencesOf: (key: string) => string[],
): void {
  const { cycle, tooDeep } = inspectReferences(key, referencesOf);
  if (cycle !== undefined) {
    faults.add(path, "cycle", `This would refer to itself: ${cycle.map((part) => `"${part}"`).join(" → ")}.`);
  } else if (tooDeep) {
    faults.add(path, "too-deep", `References may go ${LIMITS.references} deep.`);
  }
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
