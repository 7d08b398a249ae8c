import { createServer } from "node:net";

/** A port of 127.0.0.1 that nobody listened on a moment ago; another process may still take it first. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
