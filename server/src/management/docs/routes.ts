import openapi from "@lanyard/contract/openapi.json" with { type: "json" };
import { Router } from "express";
import { docsPage } from "./page.ts";

/** The API described, for people and for tools; both are public, like the source. */
export function docsRoutes(): Router {
  const router = Router();
  const document = JSON.stringify(openapi);
  router.get("/api/v1/openapi.json", (_req, res) => {
    res.type("application/json").send(document);
  });
  router.get("/docs", (_req, res) => {
    res.type("html").send(docsPage(String(res.locals.cspNonce)));
  });
  return router;
}
