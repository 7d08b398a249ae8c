/** What can be wrong with a definition whose shape is right. */
export type FaultCode =
  | "too-many"
  | "too-deep"
  | "too-large"
  | "empty"
  | "duplicate"
  | "wrong-type"
  | "unknown-reference"
  | "cycle"
  | "weights"
  | "unknown-operator"
  | "unknown-algorithm"
  | "invalid-values"
  | "ill-formed-text";

/** One thing that is wrong. */
export interface Fault {
  /** A JSON pointer into what was validated. */
  path: string;
  code: FaultCode;
  message: string;
}

/** What may be saved at most. */
export const LIMITS = {
  flags: 20_000,
  rules: 200,
  conditions: 1_000,
  depth: 10,
  listValues: 100_000,
  conditionValues: 5_000,
  valueBytes: 65_536,
  references: 50,
} as const;

/** Gathers every fault, so that an author sees all at once. */
export class Faults {
  readonly found: Fault[] = [];

  add(path: string, code: FaultCode, message: string): void {
    this.found.push({ path, code, message });
  }

  /** Notes a fault where a length is over its limit. */
  limit(path: string, length: number, limit: number, what: string): void {
    if (length <= limit) return;
    this.add(path, "too-many", `At most ${limit} ${what}; this has ${length}.`);
  }

  /** Notes every repetition of an id after its first. */
  unique(path: string, ids: readonly string[], what: string): void {
    const seen = new Set<string>();
    ids.forEach((id, i) => {
      if (seen.has(id)) this.add(`${path}/${i}/id`, "duplicate", `Another ${what} has the id "${id}".`);
      seen.add(id);
    });
  }
}

/** Escapes one part of a JSON pointer. */
export function pointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}
