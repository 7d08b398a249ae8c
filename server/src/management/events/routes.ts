import type { Router } from "express";
import { authoriseProject, roleIn } from "../../access/index.ts";
import { createRouter, sessionToken } from "../../http/index.ts";
import type { Services } from "../services.ts";
import type { EventsHub } from "./hub.ts";
import { openStream } from "./stream.ts";

export function eventRoutes(services: Services, hub: EventsHub): Router {
  const { router, raw } = createRouter(services.http);
  const { database, guard } = services;

  raw("GET /api/v1/events", async ({ actor, query, req, res }) => {
    const project = await authoriseProject(database, actor, query.project, "project:read");
    const { authorization } = req.headers;
    const token = sessionToken(services.http, req);
    const credentials = { authorization, sessionToken: token, killPass: undefined };
    let leave: () => void = () => {};
    let gone = false;
    res.on("close", () => {
      gone = true;
      leave();
    });
    let stream: ReturnType<typeof openStream> | undefined;
    const opened = () => {
      stream ??= openStream(res);
      return stream;
    };
    leave = await hub.subscribe({
      projectId: project.id,
      async mayStill() {
        const now = await guard.identify(credentials, true).catch(() => undefined);
        return now !== undefined && roleIn(now, project.id) !== undefined;
      },
      send: (event) => opened().send(event),
      cut: () => opened().cut(),
    });
    if (gone) leave();
  });

  return router;
}
