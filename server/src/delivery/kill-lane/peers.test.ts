import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createSigner, type KillFact } from "../../fanout/index.ts";
import { createPeers } from "./peers.ts";

const FACT: KillFact = {
  kind: "kill",
  id: "kill_1",
  projectId: "proj_1",
  reason: "errors",
  selector: { flags: ["checkout"] },
  expiresAt: null,
  actor: { kind: "token", id: "key_1", name: "pager" },
  at: "2026-11-26T00:00:00.000Z",
  elements: [{ environmentId: "env_1", flag: "checkout" }],
};

test("a peer that is slow to answer is not waited for, and is told all the same", async () => {
  const peer = createServer();
  peer.listen(0, "127.0.0.1");
  await once(peer, "listening");
  const { port } = peer.address() as AddressInfo;
  const peers = createPeers([new URL(`http://127.0.0.1:${port}`)], createSigner("a secret of this test"));
  const asked = once(peer, "request") as Promise<[IncomingMessage, ServerResponse]>;
  expect(await peers.tell(FACT)).toBe(false);
  const [req, res] = await asked;
  expect(req.destroyed && !req.complete).toBe(false);
  res.writeHead(204).end();
  // An answer to a request that was given up ends without being finished.
  await once(res, "close");
  expect(res.writableFinished).toBe(true);
  peer.closeAllConnections();
  peer.close();
});
