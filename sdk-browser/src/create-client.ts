import type { Context, OperatorModule, Ruleset } from "@lanyard/evaluation";
import { createCore, type GivenContext, type Hook, isRuleset, type Line } from "@lanyard/sdk-core";
import type { Client } from "./client.ts";
import { faceOf } from "./face.ts";
import { isHidden, listen } from "./page.ts";
import { browserPlatform } from "./platform.ts";
import { createSignedContext } from "./signed-context.ts";
import { createShelf, keep, keepKills } from "./storage.ts";
import { connectTabs } from "./tabs.ts";
import { visitorOf } from "./visitor.ts";

export interface ClientOptions {
  /** Where the Lanyard server is, such as `https://flags.example.com`. May be left out with `bootstrap`. */
  url?: string | undefined;
  /** A client key, which is public. Goes with `url`. */
  key?: string | undefined;
  /** Whom to decide for until `identify`: the anonymous visitor unless it has a `targetingKey`. */
  context?: GivenContext | undefined;
  /**
   * Supplies what your backend signed about the identified user: a JWT, or nothing for a visitor. Asked when the last one
   * is about to expire or was refused, and after `identify`. Private attributes count only if it names them.
   */
  signedContext?: ((context: Context) => Promise<string | undefined> | string | undefined) | undefined;
  /** Rules to start from. Without `url` they are all there is, and nothing is fetched or sent. */
  bootstrap?: Ruleset | undefined;
  /** Operators that only some pages need, from `@lanyard/sdk-browser/operators`. */
  operators?: readonly OperatorModule[] | undefined;
  hooks?: readonly Hook[] | undefined;
}

/**
 * Makes a client and returns at once: it connects, and keeps trying, in the background. Throws a `TypeError` for wrong
 * options, and never for anything that happens on the network.
 */
export function createClient(options: ClientOptions): Client {
  const { url, key, bootstrap, operators = [], hooks, signedContext } = options;
  checkOptions(options);
  let given = options.context;
  let context = visitorOf(given);
  const signed = url && signedContext ? createSignedContext(async () => signedContext(context)) : undefined;
  const shelf = `lanyard:${key}`;
  const core = createCore({
    platform: browserPlatform,
    bootstrap,
    extensions: { operators },
    hooks,
    ...(url && {
      server: {
        url: url.replace(/\/+$/, ""),
        headers: { authorization: `Bearer ${key}` },
        proof: signed?.headers,
      },
      connect: (line: Line) => connectTabs(line, async () => `${shelf}:${url}:${await signed?.identity()}`),
      // What is signed about somebody whom the page does not name cannot be kept for them alone.
      snapshots: createShelf(shelf, () => (signed ? given : context)?.targetingKey),
    }),
  });
  const { life, store, save, hurry, leave } = core;
  const { evaluator } = store;
  keepKills(`${shelf}:kills`, core);
  const unlisten = listen({
    pagehide: leave,
    visibilitychange: () => (isHidden() ? leave() : hurry()),
    online: hurry,
    pageshow: hurry,
  });

  return {
    ...faceOf(core, () => context),
    get context() {
      return context;
    },
    identify(next) {
      const before = context;
      given = next;
      context = visitorOf(next);
      if (context.targetingKey !== before.targetingKey) {
        keep(shelf, "");
        if (signed) {
          // The rules held were made for the one before.
          signed.forget();
          return core.restart();
        }
      }
      void save();
      // Answers are made once and shared, so another answer is another object.
      const differs = (key: string): boolean =>
        evaluator.evaluate(key, before) !== evaluator.evaluate(key, context);
      core.changed(evaluator.keys().filter(differs));
    },
    close() {
      unlisten();
      return life.close();
    },
  };
}

function checkOptions(options: ClientOptions): void {
  const { url, key, context, signedContext, bootstrap, operators, hooks = [], ...others } = options;
  let fault = "";
  if (!url !== !key || !(url || bootstrap)) fault = "give `url` and `key`, or `bootstrap`";
  if (url && !/^https?:\/\/[^?#]+$/.test(url)) fault = "`url` must be an http or https URL";
  if (key?.startsWith("lyd_srv_")) fault = "`key` must be a client key";
  if (signedContext && typeof signedContext !== "function") fault = "`signedContext` must be a function";
  if (bootstrap && !isPublic(bootstrap)) fault = "`bootstrap` must be a ruleset for clients";
  if (!Array.isArray(hooks)) fault = "`hooks` must be a list";
  for (const name in others) fault = `\`${name}\` is no option`;
  if (fault) throw new TypeError(fault);
}

/** Whether it is a ruleset, and everybody may see all of it. */
const isPublic = (rules: Ruleset): boolean =>
  isRuleset(rules) && Object.values(rules.flags).every(({ audience }) => audience === "client");
