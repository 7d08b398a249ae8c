import type { Context, JsonValue } from "@lanyard/evaluation";
import type { Core } from "@lanyard/sdk-core";
import type { Client } from "./client.ts";

type Reads = Pick<Client, "boolean" | "string" | "number" | "json" | "details">;

/** The face of a client whose reads decide for whoever is looking `now`. */
export function faceOf(
  { life, reads, store }: Core,
  now: () => Context,
): Omit<Client, "context" | "identify"> {
  /** A read of the identified context, unless one is given before the default. */
  const whom =
    <Value>(read: (key: string, context: Context, fallback: JsonValue) => Value) =>
    (key: string, ...rest: [Context, JsonValue]): Value =>
      read(key, ...([...(rest.length > 1 ? [] : [now()]), ...rest] as [Context, JsonValue]));

  return {
    ...life,
    ...(Object.fromEntries(Object.entries(reads).map(([name, read]) => [name, whom(read)])) as Reads),
    isStatic: store.evaluator.isStatic,
    track: (metric, options) => life.track(metric, now(), options),
  };
}
