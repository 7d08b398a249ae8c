import type { Context, OperatorModule, Ruleset } from "@lanyard/evaluation";
import type { Hook } from "@lanyard/sdk-core";
import { BrowserClient } from "./browser-client.ts";
import type { Client } from "./client.ts";
import { browserPlatform } from "./platform.ts";
import { createSnapshotShelf } from "./snapshot-shelf.ts";
import { localShelf } from "./storage.ts";
import { Visitor } from "./visitor.ts";

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

/** A keepalive request may carry 64 kB. */
const MAX_BATCH_BYTES = 60_000;

/**
 * Makes a client and returns at once: it connects, and keeps trying, in the background. Throws a `TypeError` for wrong
 * options, and never for anything that happens on the network.
 */
export function createClient(options: ClientOptions): Client {
  const { url, key, context = {}, bootstrap, operators = [], hooks } = options;
  if (!url !== !key || !(url || bootstrap))
    throw new TypeError("createClient: give `url` and `key`, or `bootstrap`");
  const server =
    url && key ? { url: checkedUrl(url), headers: { authorization: `Bearer ${key}` } } : undefined;
  const visitor = new Visitor(context, localShelf, browserPlatform.uuid);
  const snapshots = key ? createSnapshotShelf(localShelf, key, visitor) : undefined;
  return new BrowserClient(
    {
      platform: browserPlatform,
      server,
      bootstrap,
      snapshots,
      extensions: { operators },
      hooks,
      maxBatchBytes: MAX_BATCH_BYTES,
    },
    visitor,
  );
}

function checkedUrl(url: string): string {
  if (!/^https?:\/\/[^?#]+$/.test(url))
    throw new TypeError("createClient: `url` must be an http or https URL");
  return url.replace(/\/+$/, "");
}
