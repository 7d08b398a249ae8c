import type { Condition, Flag, Segment, Serve } from "@lanyard/evaluation";
import { references } from "@lanyard/evaluation/validate";
import type { Surroundings } from "./surroundings.ts";

export interface Fault {
  path: string;
  message: string;
}

/**
 * What keeps a flag from browsers: whoever opens the page reads its rules, so they may test public attributes only,
 * and hold no list of people.
 */
export function clientFaults(
  flag: Flag,
  surroundings: Surroundings,
  isPublic: (attribute: string) => boolean,
): Fault[] {
  if (flag.audience !== "client") return [];
  const check = new ClientCheck(surroundings, isPublic);
  if (flag.targets.some(({ values }) => values.length > 0))
    check.add("/targets", "Individual targets are private; a flag for browsers cannot have them.");
  flag.prerequisites.forEach(({ flag: key }, i) => {
    if (surroundings.flags[key]?.audience === "server")
      check.add(
        `/prerequisites/${i}/flag`,
        `"${key}" is not for browsers, so no flag for browsers can need it.`,
      );
  });
  flag.rules.forEach(({ when, serve }, i) => {
    check.condition(when, `/rules/${i}/when`);
    check.serve(serve, `/rules/${i}/serve`);
  });
  check.serve(flag.fallthrough, "/fallthrough");
  return check.found;
}

class ClientCheck {
  readonly found: Fault[] = [];
  readonly #surroundings: Surroundings;
  readonly #isPublic: (attribute: string) => boolean;

  constructor(surroundings: Surroundings, isPublic: (attribute: string) => boolean) {
    this.#surroundings = surroundings;
    this.#isPublic = isPublic;
  }

  add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  condition(condition: Condition, path: string): void {
    if ("all" in condition) condition.all.forEach((part, i) => void this.condition(part, `${path}/all/${i}`));
    else if ("any" in condition)
      condition.any.forEach((part, i) => void this.condition(part, `${path}/any/${i}`));
    else if ("not" in condition) this.condition(condition.not, `${path}/not`);
    else if ("bucket" in condition) this.#algorithm(condition.bucket.algorithm, `${path}/bucket`);
    else if ("segment" in condition) this.#segment(condition.segment, `${path}/segment`);
    else if (!this.#isPublic(condition.attribute))
      this.add(`${path}/attribute`, privateWords(condition.attribute));
  }

  serve(serve: Serve, path: string): void {
    if ("split" in serve) this.#algorithm(serve.split.algorithm, `${path}/split`);
  }

  #algorithm(algorithm: string | undefined, path: string): void {
    if (algorithm !== undefined)
      this.add(
        `${path}/algorithm`,
        `The algorithm "${algorithm}" does not run in browsers; move the split first.`,
      );
  }

  #segment(key: string, path: string): void {
    const secret = privatePart(key, this.#surroundings.segments, this.#isPublic);
    if (secret) this.add(path, `The segment "${key}" ${secret}, which no flag for browsers may hold.`);
  }
}

/** Why a segment cannot be read by everybody, in words; undefined when it can. */
function privatePart(
  start: string,
  segments: Record<string, Segment>,
  isPublic: (attribute: string) => boolean,
): string | undefined {
  const seen = new Set<string>();
  for (let pending = [start]; pending.length > 0; ) {
    const key = pending.pop() as string;
    const segment = segments[key];
    if (seen.has(key) || !segment) continue;
    seen.add(key);
    const used = references(segment);
    if (segment.included.length + segment.excluded.length > 0) return "has a list of members";
    const secret = used.attributes.find(({ as, attribute }) => as === "test" && !isPublic(attribute));
    if (secret) return `tests the private attribute "${secret.attribute}"`;
    if (used.algorithms.length > 0) return `uses the algorithm "${used.algorithms[0]}"`;
    pending = [...pending, ...used.segments];
  }
  return undefined;
}

function privateWords(attribute: string): string {
  return `"${attribute}" is private; register it as public before a flag for browsers tests it.`;
}
