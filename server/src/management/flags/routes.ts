import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { archiveFlag } from "./archive-flag.ts";
import { createFlag } from "./create-flag.ts";
import { deleteFlag } from "./delete-flag.ts";
import { editFlag } from "./edit-flag.ts";
import { listFlags } from "./list-flags.ts";
import { readFlagDetail } from "./read-detail.ts";
import { restoreRevision } from "./restore-revision.ts";
import { saveTargeting, type TargetingPatch } from "./save-targeting.ts";
import { unarchiveFlag } from "./unarchive-flag.ts";

export function flagRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("GET /api/v1/projects/{project}/flags", ({ project, query }) => listFlags(services, project.id, query));

  on("POST /api/v1/projects/{project}/flags", ({ actor, project, body }) =>
    createFlag(services, actor, { ...body, project }),
  );

  on("GET /api/v1/projects/{project}/flags/{flag}", ({ project, params }) =>
    readFlagDetail(services.database.read, project.id, params.flag),
  );

  on("PATCH /api/v1/projects/{project}/flags/{flag}", ({ actor, project, params, ifMatch, body }) => {
    const { variations, off, audience, message, ...metadata } = body;
    const definition = { variations, off, audience };
    return editFlag(services, actor, { project, flag: params.flag, ifMatch, metadata, definition, message });
  });

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

  on("POST /api/v1/projects/{project}/flags/{flag}/archive", ({ actor, project, params, body }) =>
    archiveFlag(services, actor, { project, flag: params.flag, message: body.message }),
  );

  on("POST /api/v1/projects/{project}/flags/{flag}/unarchive", ({ actor, project, params, body }) =>
    unarchiveFlag(services, actor, { project, flag: params.flag, message: body.message }),
  );

  on("DELETE /api/v1/projects/{project}/flags/{flag}", ({ actor, project, params }) =>
    deleteFlag(services, actor, { project, flag: params.flag }),
  );

  return router;
}
