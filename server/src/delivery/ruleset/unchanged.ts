import type { IncomingHttpHeaders } from "node:http";
import { bearerOf, type KeyIndex } from "../../access/index.ts";
import type { Ahead } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import { rulesetsUnchanged } from "./metrics.ts";
import { CACHING, etagOf, matches, negotiate } from "./negotiate.ts";
import type { Snapshots } from "./snapshot.ts";

interface UnchangedServices {
  keys: KeyIndex;
  environments: Environments;
  snapshots: Snapshots;
}

/**
 * Answers servers that poll and have the newest ruleset already: thousands of them cost little more than the reading of
 * their requests.
 */
export function answerUnchanged(services: UnchangedServices): Ahead {
  return function unchanged(req, res) {
    const isPoll = req.method === "GET" && req.url === "/sdk/v1/ruleset";
    const etag = isPoll ? newestHeld(services, req.headers) : undefined;
    if (etag === undefined) return false;
    rulesetsUnchanged.inc();
    res.writeHead(304, { ...CACHING, ETag: etag });
    res.end();
    return true;
  };
}

/** The newest ruleset's ETag, if a server says that it holds it. */
function newestHeld(
  { keys, environments, snapshots }: UnchangedServices,
  headers: IncomingHttpHeaders,
): string | undefined {
  const held = headers["if-none-match"];
  if (held === undefined || headers.origin !== undefined) return undefined;
  const actor = keys.find(bearerOf(headers.authorization) ?? "");
  if (actor?.kind !== "sdk" || actor.audience !== "server") return undefined;
  const state = environments.get(actor.environmentId);
  if (!state) return undefined;
  const etag = etagOf(snapshots.of(state, "server"), negotiate(headers["accept-encoding"]));
  return matches(held, etag) ? etag : undefined;
}
