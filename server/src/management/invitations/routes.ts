import type { Router } from "express";
import { createRouter, sessionToken, setSessionCookies } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { createInvitation } from "./create-invitation.ts";
import { revokeInvitation } from "./revoke-invitation.ts";
import { showInvitation } from "./show-invitation.ts";

export function invitationRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http);

  on("POST /api/v1/projects/{project}/invitations", ({ actor, project, body }) =>
    createInvitation(services, actor, { ...body, project }),
  );

  on("DELETE /api/v1/projects/{project}/invitations/{invitation}", ({ actor, project, params }) =>
    revokeInvitation(services, actor, { project, id: params.invitation }),
  );

  on("GET /api/v1/invitations/{token}", ({ params }) => showInvitation(services, params.token));

  on("POST /api/v1/invitations/{token}/accept", async ({ params, body, req, res }) => {
    const started = await acceptInvitation(services, {
      ...body,
      token: params.token,
      address: req.ip ?? "",
      replaces: sessionToken(services.http, req),
    });
    setSessionCookies(services.http, res, started);
    return started.account;
  });

  return router;
}
