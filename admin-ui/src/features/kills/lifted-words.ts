import type { AcceptedLift, Environment } from "@lanyard/contract";
import { environmentNames } from "../../lib/environment-names.ts";
import { someOf } from "../../lib/some-of.ts";

const NAMED = 3;

/** What a lift came to, in a sentence or two; `reach` is absent where PostgreSQL has it, so that all nodes have. */
export function liftedWords(
  { stillKilledBy, reach }: Pick<AcceptedLift, "stillKilledBy"> & { reach?: AcceptedLift["reach"] },
  environments: Pick<Environment, "key" | "name">[],
): string {
  const held = stillKilledBy.map(
    ({ flag, environment }) => `${flag} in ${environmentNames([environment], environments)}`,
  );
  const lifted =
    held.length > 0
      ? `Lifted, but another kill still holds down ${someOf(held, NAMED)}.`
      : "Lifted: the targeting decides again.";
  return reach === "this node"
    ? `${lifted} Told to the SDKs of this server only: the others hear of it when PostgreSQL or Redis is back.`
    : lifted;
}
