import type { Asked } from "../../support/sdk-process.ts";
import type { Cluster, Reader } from "./cluster.ts";

const RULES = ["/sdk/v1/stream", "/sdk/v1/ruleset"];

/**
 * Of each reader, from when on it can know what is new after `since`, which is now: who sits out a delay, only from the
 * end of that. To be asked once it knows.
 */
export function delaysDrawnAt({ readers }: Cluster, since: number): Map<string, () => number> {
  return new Map([...readers.values()].map((reader) => [reader.name, delayDrawnAt(reader, since)]));
}

function delayDrawnAt({ sdk, line }: Reader, since: number): () => number {
  if (line.streams.open > 0 || isUnderWay(sdk.requests.filter(isForRules).at(-1))) return () => since;
  return () => sdk.requests.find((each) => isForRules(each) && each.at >= since)?.at ?? since;
}

const isForRules = ({ path }: Asked): boolean => RULES.includes(path);
const isUnderWay = (request: Asked | undefined): boolean => !!request && request.outcome === undefined;
