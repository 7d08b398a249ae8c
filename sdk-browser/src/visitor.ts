import type { Context } from "@lanyard/evaluation";
import type { Shelf } from "./storage.ts";

const UNIT_NAME = "lanyard:anonymous";

/** Whom the page shows itself to. Without a `targetingKey` it is anonymous, by a unit made once and kept locally. */
export class Visitor {
  context: Context = {};
  readonly #shelf: Shelf;
  readonly #makeUnit: () => string;
  #unit: string | undefined;

  constructor(context: Context, shelf: Shelf, makeUnit: () => string) {
    this.#shelf = shelf;
    this.#makeUnit = makeUnit;
    this.become(context);
  }

  become(given: Context): void {
    const targetingKey = given.targetingKey ?? this.#anonymous();
    this.context = Object.freeze({ ...given, targetingKey });
  }

  #anonymous(): string {
    if (this.#unit === undefined) {
      this.#unit = this.#shelf.read(UNIT_NAME) || this.#makeUnit();
      this.#shelf.write(UNIT_NAME, this.#unit);
    }
    return this.#unit;
  }
}
