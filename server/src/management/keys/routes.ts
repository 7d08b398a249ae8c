import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { createKey } from "./create-key.ts";
import { listKeys } from "./list-keys.ts";
import { revokeKey } from "./revoke-key.ts";

export function keyRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/projects/{project}/keys", async ({ project }) => ({
    items: await listKeys(services, project.id),
  }));

  on("POST /api/v1/projects/{project}/keys", async ({ actor, project, body }) => {
    const made = await createKey(services, actor, { project, key: body });
    await inEffect(services);
    return made;
  });

  on("DELETE /api/v1/projects/{project}/keys/{key}", async ({ actor, project, params }) => {
    await revokeKey(services, actor, { project, id: params.key });
    await inEffect(services);
  });

  return router;
}

/** Once answered, the key works here, or no longer does, even if the database goes away this moment. */
async function inEffect({ guard }: Services): Promise<void> {
  await guard.keys.settled().catch(() => {});
}
