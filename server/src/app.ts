import type { RequestListener } from "node:http";
import express, { type Router } from "express";
import type { Logger } from "pino";
import { notFound } from "./errors.ts";
import { adminUi } from "./http/admin-ui.ts";
import { health } from "./http/health.ts";
import { type Ahead, answerAhead, problemHandler, requestId, securityHeaders } from "./http/index.ts";
import { measureRequests } from "./http/metrics.ts";

export interface AppParts {
  log: Logger;
  publicUrl: URL;
  trustProxy: number;
  /** Whether this node has what it needs to answer SDKs; false while draining. */
  isReady(): boolean;
  /** In Prometheus' text format. */
  metrics(): Promise<string>;
  /** Answers what comes by the thousand: before any other work. */
  ahead: Ahead;
  /** What SDKs read: before everything else, so that nothing people do can slow it. */
  delivery: Router;
  management: Router;
  /** The built admin UI. */
  uiFolder: string;
}

/** Middleware order and mounted routers, on one screen. */
export function createApp(parts: AppParts): RequestListener {
  const app = express();
  app.set("trust proxy", parts.trustProxy);
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(requestId);
  app.use(measureRequests);
  app.use(health(parts.isReady, parts.metrics));
  app.use(parts.delivery);
  app.use(securityHeaders(parts.publicUrl));
  app.use(parts.management);
  app.use(["/api", "/sdk", "/ofrep", "/hooks"], () => {
    throw notFound("endpoint");
  });
  app.use(adminUi(parts.uiFolder));
  app.use(problemHandler(parts.log));
  return answerAhead(parts.ahead, app, parts.log);
}
