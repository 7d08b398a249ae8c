// As much of a server as a start needs: a stream that says where the rules are, and the rules.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { manyFlags } from "../evaluation/workloads.ts";
import { serve } from "../fanout/rpc.ts";

let rules = "";

const server = createServer(({ url = "" }, response) => {
  if (url.startsWith("/sdk/v1/stream")) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('event: reload\ndata: {"epoch":1,"revision":1}\n\n');
  } else if (url.startsWith("/sdk/v1/ruleset")) {
    response.writeHead(200, { "content-type": "application/json" }).end(rules);
  } else response.writeHead(202).end();
});

export const handlers = {
  /** Resolves with the port, and with the size of the rules in megabytes. */
  listen: (flags: number) =>
    new Promise<{ port: number; megabytes: number }>((resolve) => {
      rules = JSON.stringify({ ...manyFlags(flags), revision: 1 });
      server.listen(0, "127.0.0.1", () =>
        resolve({ port: (server.address() as AddressInfo).port, megabytes: Buffer.byteLength(rules) / 1e6 }),
      );
    }),
};

serve(handlers);
// Nothing outlives the bench.
process.once("disconnect", () => process.exit());
