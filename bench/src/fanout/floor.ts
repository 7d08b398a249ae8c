// The floor of the fan-out: bare node:http that writes one prepared buffer to every response.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "./rpc.ts";

const responses = new Set<ServerResponse>();
let opening = Buffer.alloc(0);
let frame = Buffer.alloc(0);

const server = createServer((req, res) => {
  if (req.method === "POST") {
    req.resume();
    for (const each of responses) each.write(frame);
    res.end();
    return;
  }
  // As tight as it gets: without chunks the prepared bytes go out as they are.
  res.useChunkedEncodingByDefault = false;
  res.writeHead(200, { Connection: "close", "Content-Type": "text/event-stream" });
  res.write(opening);
  responses.add(res);
  res.on("close", () => responses.delete(res));
});

export const handlers = {
  listen: () =>
    new Promise<number>((resolve) => {
      server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, () =>
        resolve((server.address() as AddressInfo).port),
      );
    }),
  prepare(bytes: { opening: string; frame: string }) {
    opening = Buffer.from(bytes.opening);
    frame = Buffer.from(bytes.frame);
  },
};

serve(handlers);
