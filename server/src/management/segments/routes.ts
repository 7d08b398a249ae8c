import type { Segment } from "@lanyard/evaluation";
import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { createSegment } from "./create-segment.ts";
import { deleteSegment } from "./delete-segment.ts";
import { getSegment, listSegments } from "./read-segments.ts";
import { saveSegment } from "./save-segment.ts";

/** Two lists of a hundred thousand values do not fit into the usual limit. */
const BODY_BYTES = 16 * 1024 * 1024;

// JSON has no `undefined`, which is all that the parsed type adds.
type Content = Omit<Segment, "hash">;

export function segmentRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http, { bodyLimitBytes: BODY_BYTES });
  const { read } = services.database;

  on("GET /api/v1/projects/{project}/segments", async ({ project }) => ({
    items: await listSegments(read, project.id),
  }));

  on("POST /api/v1/projects/{project}/segments", ({ actor, project, body }) =>
    createSegment(services, actor, {
      ...body,
      project,
      content: body.content as Content,
      message: body.message,
    }),
  );

  on("GET /api/v1/projects/{project}/segments/{segment}", ({ project, params }) =>
    getSegment(read, project.id, params.segment),
  );

  on("PATCH /api/v1/projects/{project}/segments/{segment}", (call) => {
    const { message, content, ...rest } = call.body;
    return saveSegment(services, call.actor, {
      project: call.project,
      segment: call.params.segment,
      ifMatch: call.ifMatch,
      patch: { ...rest, content: content as Content | undefined },
      message,
    });
  });

  on("DELETE /api/v1/projects/{project}/segments/{segment}", ({ actor, project, params }) =>
    deleteSegment(services, actor, { project, segment: params.segment }),
  );

  return router;
}
