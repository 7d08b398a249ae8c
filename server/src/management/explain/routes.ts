import type { Router } from "express";
import { createRouter } from "../../http/index.ts";
import type { Services } from "../services.ts";
import { explain, type Question } from "./explain.ts";

/** A whole ruleset may come with the question. */
const BODY_BYTES = 16 * 1024 * 1024;

export function explainRoutes(services: Services): Router {
  const { router, on } = createRouter(services.http, { bodyLimitBytes: BODY_BYTES });

  on("POST /api/v1/explain", ({ actor, body }) =>
    // The evaluator is total: whatever is no flag is left out.
    explain(services, actor, body as unknown as Question),
  );

  return router;
}
