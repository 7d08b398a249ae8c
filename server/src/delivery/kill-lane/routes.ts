import { AppError } from "../../errors.ts";
import type { createRouter } from "../../http/index.ts";
import { acceptEpisode, acceptKill } from "./accept.ts";
import { acceptLift } from "./accept-lift.ts";
import { readAlert } from "./alert.ts";
import type { KillServices } from "./kill-services.ts";

const IGNORED = { outcome: "ignored" as const, kill: null };

export function addKillRoutes(routes: ReturnType<typeof createRouter>, services: KillServices): void {
  routes.on("POST /api/v1/kills", async ({ actor, body, query, res }) => {
    const accepted = await acceptKill(services, actor, body);
    if (!accepted.durable.includes("postgres")) res.status(202);
    const { wait } = query;
    return wait === undefined
      ? accepted
      : { ...accepted, receipts: await services.confirmed(accepted.id, wait) };
  });

  routes.on("POST /api/v1/kills/{kill}/break-glass-lift", async ({ actor, params, body, res }) => {
    const accepted = await acceptLift(services, actor, { kill: params.kill, ...body });
    if (!accepted.durable.includes("postgres")) res.status(202);
    return accepted;
  });

  routes.on("POST /peers/v1/facts", ({ body }) => services.lane.hear(services.peers.open(body.sealed)));

  routes.on("POST /hooks/kill/{token}", async ({ params, query, body, res }) => {
    const authorization = `Bearer ${params.token}`;
    const actor = await services.guard.identify({ authorization, sessionToken: undefined }, true);
    if (actor?.kind !== "kill-token")
      throw new AppError("unauthenticated", "The URL does not carry a valid kill token.");
    const { reason, episode, resolved } = readAlert(body);
    if (resolved) return IGNORED;
    const { project, environment, flag, tag, owner } = query;
    const kill = await acceptEpisode(services, actor, {
      project,
      environments: [environment],
      ...(flag !== undefined && { flags: [flag] }),
      ...(tag !== undefined && { tag }),
      ...(owner !== undefined && { owner }),
      reason,
      // An alert that does not tell its episodes apart is one that goes on until the kill is lifted.
      idempotencyKey: `alert ${JSON.stringify([query, episode])}`,
    });
    if (kill && !kill.durable.includes("postgres")) res.status(202);
    return kill ? { outcome: "killed" as const, kill } : IGNORED;
  });
}
