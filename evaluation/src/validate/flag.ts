import { TOTAL_WEIGHT } from "../hash.ts";
import type { Flag, FlagType, JsonValue, Prerequisite, Serve, Split } from "../model.ts";
import { checkBucketing, checkCondition, checkTogether, type Known } from "./conditions.ts";
import { type Faults, LIMITS } from "./fault.ts";
import { utf8Length } from "./text.ts";

const FITS: Record<FlagType, (value: JsonValue) => boolean> = {
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  // One text, number or boolean would be read as a flag of that type.
  json: (value) => typeof value === "object",
};
const HINTS: Partial<Record<FlagType, string>> = { json: ": an object, a list or null" };

/** What a flag is validated against. */
export interface KnownToFlag extends Known {
  flag(key: string): Flag | undefined;
}

/** Checks everything about a flag but its texts and cycles. */
export function checkFlag(flag: Flag, known: KnownToFlag, faults: Faults): void {
  checkVariations(flag, faults);
  const check = new Check(flag, known, faults);
  check.variation(flag.off, "/off");
  flag.prerequisites.forEach((prerequisite, i) => {
    checkPrerequisite(prerequisite, `/prerequisites/${i}`, known, faults);
  });
  check.targets();
  check.rules();
  check.serve(flag.fallthrough, "/fallthrough");
}

function checkVariations({ variations, type }: Flag, faults: Faults): void {
  if (variations.length === 0) faults.add("/variations", "empty", "A flag needs a variation.");
  faults.unique(
    "/variations",
    variations.map(({ id }) => id),
    "variation",
  );
  variations.forEach(({ value }, i) => {
    const path = `/variations/${i}/value`;
    if (!FITS[type](value)) faults.add(path, "wrong-type", `The flag's type is ${type}${HINTS[type] ?? ""}.`);
    else if (utf8Length(JSON.stringify(value)) > LIMITS.valueBytes) {
      faults.add(path, "too-large", "A value may take 64 kB.");
    }
  });
}

function checkPrerequisite(
  { flag: key, variations }: Prerequisite,
  path: string,
  known: KnownToFlag,
  faults: Faults,
): void {
  const flag = known.flag(key);
  if (flag === undefined) {
    faults.add(`${path}/flag`, "unknown-reference", `There is no flag "${key}".`);
    return;
  }
  if (variations.length === 0) faults.add(`${path}/variations`, "empty", "No variation would ever do.");
  variations.forEach((id, i) => {
    if (flag.variations.some((variation) => variation.id === id)) return;
    faults.add(`${path}/variations/${i}`, "unknown-reference", `"${key}" has no variation "${id}".`);
  });
}

class Check {
  readonly #flag: Flag;
  readonly #known: Known;
  readonly #faults: Faults;
  readonly #ids: ReadonlySet<string>;

  constructor(flag: Flag, known: Known, faults: Faults) {
    this.#flag = flag;
    this.#known = known;
    this.#faults = faults;
    this.#ids = new Set(flag.variations.map(({ id }) => id));
  }

  variation(id: string, path: string): void {
    if (!this.#ids.has(id)) this.#faults.add(path, "unknown-reference", `There is no variation "${id}".`);
  }

  targets(): void {
    this.#flag.targets.forEach(({ unit, variation, values }, i) => {
      const path = `/targets/${i}`;
      if (unit === "") this.#faults.add(`${path}/unit`, "empty", "The attribute to look up is missing.");
      this.variation(variation, `${path}/variation`);
      this.#faults.limit(`${path}/values`, values.length, LIMITS.listValues, "values in a list");
    });
  }

  rules(): void {
    const { rules } = this.#flag;
    this.#faults.limit("/rules", rules.length, LIMITS.rules, "rules in a flag");
    this.#faults.unique(
      "/rules",
      rules.map(({ id }) => id),
      "rule",
    );
    let conditions = 0;
    rules.forEach(({ when, serve }, i) => {
      conditions += checkCondition(when, `/rules/${i}/when`, this.#known, this.#faults);
      this.serve(serve, `/rules/${i}/serve`);
    });
    this.#faults.limit("/rules", conditions, LIMITS.conditions, "conditions in a flag");
    checkTogether(
      rules.map(({ when }) => when),
      "/rules",
      this.#known,
      this.#faults,
    );
  }

  serve(serve: Serve, path: string): void {
    if ("split" in serve) this.#split(serve.split, `${path}/split`);
    else this.variation(serve.variation, `${path}/variation`);
  }

  #split(split: Split, path: string): void {
    checkBucketing(split, path, this.#known, this.#faults);
    let sum = 0;
    split.weights.forEach(({ variation, weight }, i) => {
      this.variation(variation, `${path}/weights/${i}/variation`);
      sum += weight;
      if (Number.isInteger(weight) && weight >= 0) return;
      this.#faults.add(
        `${path}/weights/${i}/weight`,
        "weights",
        "A weight is a whole number of thousandths of a percent.",
      );
    });
    if (sum === TOTAL_WEIGHT) return;
    this.#faults.add(
      `${path}/weights`,
      "weights",
      `Weights must sum to ${TOTAL_WEIGHT}; these sum to ${sum}.`,
    );
  }
}
