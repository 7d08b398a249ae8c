import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { createFlag } from "./create-flag.ts";
import { listFlags } from "./list-flags.ts";
import { readFlagDetail } from "./read-detail.ts";
import { restoreRevision } from "./restore-revision.ts";
import { saveTargeting, type TargetingPatch } from "./save-targeting.ts";

export function flagRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/projects/{project}/flags", ({ project, query }) => listFlags(services, project.id, query));

  on("POST /api/v1/projects/{project}/flags", ({ actor, project, body }) =>
    createFlag(services, actor, { ...body, project }),
  );

  on("GET /api/v1/projects/{project}/flags/{flag}", ({ project, params }) =>
    readFlagDetail(services.database.read, project.id, params.flag),
  );

  on("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", (call) => {
    const { message, ...patch } = call.body;
    return saveTargeting(services, call.actor, {
      project: call.project,
      flag: call.params.flag,
      environment: call.params.environment,
      ifMatch: call.ifMatch,
      // JSON has no `undefined`, which is all that the parsed type adds.
      patch: patch as TargetingPatch,
      message,
    });
  });

  on("POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore", (call) =>
    restoreRevision(services, call.actor, {
      project: call.project,
      flag: call.params.flag,
      environment: call.params.environment,
      revision: call.body.revision,
      message: call.body.message,
    }),
  );

  return router;
}
