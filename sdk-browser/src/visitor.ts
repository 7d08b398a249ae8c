import type { Context } from "@lanyard/evaluation";
import type { GivenContext } from "@lanyard/sdk-core";
import { browserPlatform } from "./platform.ts";
import { keep, recall } from "./storage.ts";

const UNIT_NAME = "lanyard:anonymous";

/**
 * Whom the page shows itself to: without a `targetingKey` an anonymous visitor, by a unit that is made once and kept
 * locally, unless `anonymous` gives another.
 */
export function visitorOf(given: GivenContext | undefined, anonymous = anonymousUnit): Context {
  const unit = given?.targetingKey ?? "";
  return Object.freeze({ ...given, targetingKey: unit === "" ? anonymous() : unit });
}

function anonymousUnit(): string {
  const unit = recall(UNIT_NAME) || browserPlatform.uuid();
  keep(UNIT_NAME, unit);
  return unit;
}
