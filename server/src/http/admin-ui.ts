import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import express, { Router } from "express";

const ONE_YEAR_MS = 31_536_000_000;

/** The built pages: assets are named by content and kept for ever; every other path is the application's. */
export function adminUi(folder: string): Router {
  const router = Router();
  const index = join(folder, "index.html");
  if (!existsSync(index)) {
    router.get("/", (_req, res) => {
      res.status(503).type("text/plain").send("The admin UI is not built. Run: npm run build\n");
    });
    return router;
  }
  const page = readFileSync(index, "utf8");
  router.use(
    "/assets",
    express.static(join(folder, "assets"), { immutable: true, maxAge: ONE_YEAR_MS, index: false }),
  );
  router.use("/assets", (_req, res) => {
    res.status(404).type("text/plain").send("Not found\n");
  });
  router.use(express.static(folder, { index: false }));
  router.get("/{*path}", (_req, res) => {
    res.setHeader("Cache-Control", "no-store");
    res.type("html").send(page.replaceAll("__CSP_NONCE__", String(res.locals.cspNonce)));
  });
  return router;
}
