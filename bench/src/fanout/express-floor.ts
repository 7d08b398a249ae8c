// The floor of the snapshot: a bare Express handler that answers with the same bytes.
import type { AddressInfo } from "node:net";
import express from "express";
import { serve } from "./rpc.ts";

let answer = { etag: "", body: Buffer.alloc(0) };
const app = express();
app.get("/sdk/v1/ruleset", (req, res) => {
  res.setHeader("ETag", answer.etag);
  if (req.headers["if-none-match"] === answer.etag) {
    res.status(304).end();
    return;
  }
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Content-Encoding", "gzip");
  res.setHeader("Content-Length", answer.body.length);
  res.end(answer.body);
});

export const handlers = {
  listen: (given: { etag: string; base64: string }) =>
    new Promise<number>((resolve) => {
      answer = { etag: given.etag, body: Buffer.from(given.base64, "base64") };
      const server = app.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    }),
};

serve(handlers);
