import type { Context, JsonValue, OperatorModule, Ruleset } from "@lanyard/evaluation";
import { connect, createCore, type Hook, isRuleset, type ServerAddress } from "@lanyard/sdk-core";
import type { Client } from "./client.ts";
import { listen } from "./page.ts";
import { browserPlatform } from "./platform.ts";
import { createShelf } from "./storage.ts";
import { visitorOf } from "./visitor.ts";

export interface ClientOptions {
  /** Where the Lanyard server is, such as `https://flags.example.com`. May be left out with `bootstrap`. */
  url?: string;
  /** A client key, which is public. Goes with `url`. */
  key?: string;
  /** Whom to decide for until `identify`: the anonymous visitor unless it has a `targetingKey`. */
  context?: Context;
  /** Rules to start from. Without `url` they are all there is, and nothing is fetched or sent. */
  bootstrap?: Ruleset;
  /** Operators that only some pages need, from `@lanyard/sdk-browser/operators`. */
  operators?: readonly OperatorModule[];
  hooks?: readonly Hook[];
}

/**
 * Makes a client and returns at once: it connects, and keeps trying, in the background. Throws a `TypeError` for wrong
 * options, and never for anything that happens on the network.
 */
export function createClient(options: ClientOptions): Client {
  const { key, bootstrap, operators = [], hooks } = options;
  const server = addressOf(options);
  let context = visitorOf(options.context);
  const core = createCore({
    platform: browserPlatform,
    server,
    connect,
    bootstrap,
    snapshots: key ? createShelf(`lanyard:${key}`, () => context.targetingKey) : undefined,
    extensions: { operators },
    hooks,
  });
  const { store, reads, save, hurry, leave, status, ready, on, flush } = core;
  const unlisten = listen({
    pagehide: leave,
    visibilitychange: () => document.visibilityState === "hidden" && leave(),
    online: hurry,
    pageshow: hurry,
  });

  /** A read of the identified context, unless one is given before the default. */
  const whom =
    <Value>(read: (key: string, context: Context, fallback: JsonValue) => Value) =>
    (key: string, ...rest: JsonValue[]): Value =>
      read(key, rest.length > 1 ? (rest[0] as Context) : context, rest.at(-1) ?? null);

  return {
    get context() {
      return context;
    },
    identify(given) {
      const before = context;
      context = visitorOf(given);
      save();
      const { evaluator } = store;
      // Answers are made once and shared, so another answer is another object.
      const differs = (key: string): boolean =>
        evaluator.evaluate(key, before) !== evaluator.evaluate(key, context);
      core.changed(evaluator.keys().filter(differs));
    },
    boolean: whom(reads.of("boolean")) as Client["boolean"],
    string: whom(reads.of("string")) as Client["string"],
    number: whom(reads.of("number")) as Client["number"],
    json: whom(reads.of("json")) as Client["json"],
    details: whom(reads.details) as Client["details"],
    isStatic: (key) => store.evaluator.isStatic(key),
    track: (metric, options) => core.track(metric, context, options),
    status,
    ready,
    on,
    flush,
    close() {
      unlisten();
      return core.close();
    },
  };
}

function addressOf({ url, key, bootstrap }: ClientOptions): ServerAddress | undefined {
  if (!url !== !key || !(url || bootstrap)) refuse("give `url` and `key`, or `bootstrap`");
  if (bootstrap && !isRuleset(bootstrap)) refuse("`bootstrap` must be a ruleset of format 1");
  if (!url) return undefined;
  if (!/^https?:\/\/[^?#]+$/.test(url)) refuse("`url` must be an http or https URL");
  return { url: url.replace(/\/+$/, ""), headers: { authorization: `Bearer ${key}` } };
}

function refuse(fault: string): never {
  throw new TypeError(`createClient: ${fault}`);
}
