import { AppError } from "../../errors.ts";
import { type createRouter, largeJsonBody } from "../../http/index.ts";
import { acceptKill } from "./accept.ts";
import { acceptLift } from "./accept-lift.ts";
import { readKillPage, readProjectKillPage } from "./kill-page.ts";
import type { KillServices } from "./kill-services.ts";
import { answerAlert } from "./trigger.ts";

/** A kill of all flags in all environments that a project may have, under the longest of keys. */
const PEER_BODY_BYTES = 128 * 1024 * 1024;

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

  routes.on("GET /api/v1/kill-page", ({ actor }) => readKillPage(services, actor));

  routes.on("GET /api/v1/kill-page/{project}", ({ actor, params, query }) =>
    readProjectKillPage(services, actor, { project: params.project, search: query.search ?? "" }),
  );

  routes.router.use("/peers", largeJsonBody(PEER_BODY_BYTES, services.peers.sends));
  routes.on("POST /peers/v1/facts", ({ body }) => services.lane.hear(services.peers.open(body.sealed)));

  routes.on("POST /hooks/kill/{token}", async ({ params, query, body, res }) => {
    const authorization = `Bearer ${params.token}`;
    const actor = await services.guard.identify(
      { authorization, sessionToken: undefined, killPass: undefined },
      true,
    );
    if (actor?.kind !== "kill-token")
      throw new AppError("unauthenticated", "The URL does not carry a valid kill token.");
    const answer = await answerAlert(services, actor, query, body);
    if (answer.kill && !answer.kill.durable.includes("postgres")) res.status(202);
    return answer;
  });
}
