import type { Vault } from "../../access/index.ts";
import { liftedOf } from "../../fanout/index.ts";
import type { Call, createRouter } from "../../http/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import { sdkActor, signedContext } from "../sdk-actor.ts";
import { CACHING, etagOf, matches, negotiate } from "./negotiate.ts";
import type { Snapshot, Snapshots } from "./snapshot.ts";

interface RulesetServices {
  environments: Environments;
  snapshots: Snapshots;
  vault: Vault;
}

export function addRulesetRoutes(
  routes: ReturnType<typeof createRouter>,
  { environments, snapshots, vault }: RulesetServices,
): void {
  routes.raw("GET /sdk/v1/ruleset", async (call) => {
    const actor = sdkActor(call);
    const { verified } = await signedContext(actor, call.req, vault);
    const state = environments.get(actor.environmentId) ?? (await environments.require(actor.environmentId));
    const snapshot = snapshots.of(state, actor.audience, verified);
    await send(call, snapshot, liftedAmong(state, snapshot, call.query.kills));
  });
}

async function send(
  { req, res }: Call<"GET /sdk/v1/ruleset">,
  snapshot: Snapshot,
  lifted: { id: string; flag: string }[],
): Promise<void> {
  const encoding = lifted.length > 0 ? "identity" : negotiate(req.headers["accept-encoding"]);
  res.set(CACHING);
  if (lifted.length === 0) {
    const etag = etagOf(snapshot, encoding);
    res.setHeader("ETag", etag);
    if (matches(req.headers["if-none-match"], etag)) {
      res.status(304).end();
      return;
    }
  }
  const body = lifted.length > 0 ? withLifted(snapshot, lifted) : await snapshot.body(encoding);
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Content-Length", body.length);
  if (encoding !== "identity") res.setHeader("Content-Encoding", encoding);
  res.end(body);
}

/** Which of the kills that a poller holds were lifted: the one thing that a snapshot cannot say. */
function liftedAmong(state: EnvironmentState, { view }: Snapshot, held: string | undefined) {
  if (!held) return [];
  return liftedOf(state.kills, new Set(held.split(","))).filter(({ flag }) => view.flags.has(flag));
}

/** Rare and of one client, so neither cached nor compressed. */
function withLifted(snapshot: Snapshot, lifted: { id: string; flag: string }[]): Buffer {
  return Buffer.from(`${snapshot.json.slice(0, -1)},"lifted":${JSON.stringify(lifted)}}`);
}
