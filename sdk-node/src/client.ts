import type { Context, Extensions, Ruleset } from "@lanyard/evaluation";
import { type Explanation, explain } from "@lanyard/evaluation/explain";
import {
  type Client as BaseClient,
  type ClientLife,
  type Core,
  type GivenContext,
  localClient,
  type Status,
} from "@lanyard/sdk-core";

/** Reads are synchronous, from memory, and never throw. Every read is counted. */
export interface Client extends BaseClient {
  /**
   * The decision with every step that led to it, bucket included, by the code that decides. For people: it compiles the
   * rules anew, is not counted, and knows no hooks.
   */
  explain(key: string, context: GivenContext): Explanation;
}

export interface NodeOptions {
  extensions?: Extensions;
  /** Told of each failure once, and again ten minutes later at the earliest, if there was contact in between. */
  warn?: (message: string) => void;
}

/** The face of a client in Node. */
export function nodeClient(core: Core, { extensions = {}, warn }: NodeOptions = {}): Client {
  if (warn) tellFailures(core.life, warn);
  return {
    ...localClient(core),
    explain: (key, context) => explain(rulesInForce(core), key, Object(context) as Context, extensions),
  };
}

/** Failures that are told apart. */
const MAX_TOLD = 20;
/** Where contact comes and goes, the same failure is told again no sooner. */
const QUIET_MS = 600_000;

function tellFailures({ status, on }: ClientLife, warn: (message: string) => void): void {
  const told = new Map<string, number>();
  let before: Status | undefined;
  const tell = (now: Status): void => {
    const { state, lastError } = now;
    const isOver = state === "live" && before?.state !== "live";
    const isNew = lastError !== undefined && lastError !== before?.lastError;
    before = now;
    for (const [message, at] of isOver ? told : []) {
      if (Date.now() - at >= QUIET_MS) told.delete(message);
    }
    if (!isNew || told.has(lastError.message) || told.size === MAX_TOLD) return;
    told.set(lastError.message, lastError.at.getTime());
    warn(lastError.message);
  };
  tell(status());
  on("status", tell);
}

/** A flag that must not outlive contact with the server, and has, serves its off variation as a killed one does. */
function rulesInForce({ store }: Core): Ruleset {
  const { flags, kills, ...rest } = store.snapshot();
  const expired = Object.keys(flags).filter(store.isExpired);
  return { ...rest, flags, kills: [...kills, ...expired.map((flag) => ({ id: "stale", flag, at: "" }))] };
}
