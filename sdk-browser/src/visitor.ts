import type { Context } from "@lanyard/evaluation";
import type { GivenContext } from "@lanyard/sdk-core";
import { browserPlatform } from "./platform.ts";
import { keep, recall } from "./storage.ts";

const UNIT_NAME = "lanyard:anonymous";

/** Whom the page shows itself to: without a `targetingKey` an anonymous visitor, by a unit made once and kept locally. */
export function visitorOf(given: GivenContext = {}): Context {
  const unit = given.targetingKey ?? "";
  return Object.freeze({ ...given, targetingKey: unit === "" ? anonymousUnit() : unit });
}

function anonymousUnit(): string {
  const unit = recall(UNIT_NAME) || browserPlatform.uuid();
  keep(UNIT_NAME, unit);
  return unit;
}
