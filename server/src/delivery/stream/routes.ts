import type { Request } from "express";
import type { Vault } from "../../access/index.ts";
import { AppError } from "../../errors.ts";
import type { createRouter } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import { type SdkActor, sdkActor, signedContext } from "../sdk-actor.ts";
import { createAdmission } from "./admission.ts";
import { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";

const HEADERS = {
  Connection: "close",
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store, no-transform",
  // nginx gathers an answer before it passes it on, unless told not to.
  "X-Accel-Buffering": "no",
};

interface StreamServices {
  environments: Environments;
  hub: Hub;
  vault: Vault;
  /** Told of every stream; returns what is to be told of its end. */
  joined(stream: { req: Request; actor: SdkActor; connection: Connection }): () => void;
}

export function addStreamRoutes(
  routes: ReturnType<typeof createRouter>,
  { environments, hub, vault, joined }: StreamServices,
): void {
  // Apart, so that nobody with a page's public key can keep servers waiting.
  const admission = { server: createAdmission(), client: createAdmission() };
  routes.raw("GET /sdk/v1/stream", async (call) => {
    const actor = sdkActor(call);
    if (hub.draining)
      throw new AppError("unavailable", "This node is going away; another one takes over.", {
        retryAfterSeconds: 1,
      });
    const waitSeconds = admission[actor.audience].askedToWait();
    if (waitSeconds !== undefined)
      throw new AppError("unavailable", "Many streams are being opened; come again in a moment.", {
        retryAfterSeconds: waitSeconds,
      });
    const signed = await signedContext(actor, call.req, vault);
    const state = environments.get(actor.environmentId) ?? (await environments.require(actor.environmentId));
    const { req, res, query } = call;
    const { socket } = res;
    if (socket === null || socket.destroyed) return;
    const kills = new Set(query.kills?.split(","));
    const { audience } = actor;
    // The body ends with the connection: without chunks every stream is written the same one buffer.
    res.removeHeader("Transfer-Encoding");
    socket.cork();
    res.writeHead(200, HEADERS);
    res.flushHeaders();
    socket.setNoDelay(true);
    socket.setTimeout(0);
    const channel = hub.channel(state, audience);
    const opening = channel.opening({ ...query, kills, verified: signed.verified });
    const connection = new Connection(socket, actor.id, opening);
    res.on("close", hub.join(state, channel, connection, signed));
    res.on("close", joined({ req, actor, connection }));
    socket.uncork();
    // Node keeps the request as long as its stream, which has no use for the way it came through the routers.
    req.next = undefined;
  });
}
