import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built package: some modules, as a browser can load them. */
const SDK = fileURLToPath(new URL("../../sdk-browser/dist/", import.meta.url));
/** Tells what it sees by names on the window: the client, and when each flag's kill came. */
const APP = `
  import { createClient } from "/sdk/index.js";
  const { token, ...options } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  const signedContext = token && (async () => token);
  window.client = createClient({ ...options, signedContext });
  window.killedAt = {};
  client.on("kill", ({ kind, elements }) => {
    const at = performance.timeOrigin + performance.now();
    if (kind === "killed") for (const { flag } of elements) killedAt[flag] = at;
  });
`;

/** A customer's site on an origin of its own, under a policy that lets it talk to one Lanyard server. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

export async function startSite(lanyardUrl: string): Promise<Site> {
  const policy = `default-src 'none'; script-src 'self'; connect-src ${lanyardUrl}; require-trusted-types-for 'script'`;
  const server = createServer((request, response) => {
    const [type, body] = contentOf(request.url ?? "/");
    response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function contentOf(path: string): [type: string, body: string | Buffer] {
  if (path === "/app.js") return ["text/javascript", APP];
  const [, module] = /^\/sdk\/([\w-]+\.js)$/.exec(path) ?? [];
  if (module) return ["text/javascript", readFileSync(join(SDK, module))];
  return ["text/html", '<!doctype html><script type="module" src="/app.js"></script>'];
}
