import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { changeRole } from "./change-role.ts";
import { listInvitations, listMembers } from "./list-members.ts";
import { removeMember } from "./remove-member.ts";

export function memberRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);
  const { read } = services.database;

  on("GET /api/v1/projects/{project}/members", async ({ project }) => ({
    items: await listMembers(read, project.id),
    invitations: await listInvitations(read, project.id),
  }));

  on("PATCH /api/v1/projects/{project}/members/{account}", ({ actor, project, params, body }) =>
    changeRole(services, actor, { project, accountId: params.account, role: body.role }),
  );

  on("DELETE /api/v1/projects/{project}/members/{account}", ({ actor, project, params }) =>
    removeMember(services, actor, { project, accountId: params.account }),
  );

  return router;
}
