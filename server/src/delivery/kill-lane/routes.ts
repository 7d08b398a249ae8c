import type { createRouter } from "../../http/index.ts";
import { acceptKill } from "./accept.ts";
import type { KillServices } from "./kill-services.ts";

export function addKillRoute(routes: ReturnType<typeof createRouter>, services: KillServices): void {
  routes.on("POST /api/v1/kills", async ({ actor, body, res }) => {
    const accepted = await acceptKill(services, actor, body);
    if (!accepted.durable.includes("postgres")) res.status(202);
    return accepted;
  });
}
