import { Router } from "express";
import { register } from "prom-client";

/** Liveness speaks of the process only; readiness of whether this node can serve SDKs. */
export function health(isReady: () => boolean, metrics: () => Promise<string>): Router {
  const router = Router();
  router.get("/healthz", (_req, res) => {
    res.json({ status: "ok" });
  });
  router.get("/readyz", (_req, res) => {
    const ready = isReady();
    res.status(ready ? 200 : 503).json({ status: ready ? "ready" : "not ready" });
  });
  router.get("/metrics", async (_req, res) => {
    res.type(register.contentType).send(await metrics());
  });
  return router;
}
