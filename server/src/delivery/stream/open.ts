import type { IncomingMessage, ServerResponse } from "node:http";
import type { SignedContext } from "../../access/index.ts";
import { AppError } from "../../errors.ts";
import type { EnvironmentState } from "../environments/index.ts";
import type { SdkActor } from "../sdk-actor.ts";
import { Connection } from "./connection.ts";
import type { Held } from "./holdings.ts";
import type { Hub } from "./hub.ts";
import { takesDeltas } from "./segment-deltas.ts";
import type { Unrecorded } from "./unrecorded.ts";

const HEADERS = {
  Connection: "close",
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store, no-transform",
  // nginx gathers an answer before it passes it on, unless told not to.
  "X-Accel-Buffering": "no",
};

/** What a stream needs of this node. */
export interface Streams {
  hub: Hub;
  unrecorded: Unrecorded;
  /** Told of every stream; returns what is to be told of its end. */
  joined(stream: { req: IncomingMessage; actor: SdkActor; connection: Connection }): () => void;
}

/** Somebody who may open a stream, and what they say that they hold. */
export interface Opener {
  actor: SdkActor;
  state: EnvironmentState;
  query: Held & { kills?: string | undefined };
  signed: SignedContext;
}

/** Answers with a stream, and has it follow its environment until its connection ends. Throws while the node drains. */
export function openStream(
  { hub, unrecorded, joined }: Streams,
  { actor, state, query, signed }: Opener,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  // Asked in the turn in which it joins: whoever came in before has waited since, and would miss the goodbye.
  if (hub.draining)
    throw new AppError("unavailable", "This node is going away; another one takes over.", {
      retryAfterSeconds: 1,
    });
  const { socket } = res;
  if (socket === null || socket.destroyed) return;
  const kills = new Set(query.kills?.split(",").filter(Boolean));
  // The body ends with the connection: without chunks every stream is written the same one buffer.
  res.removeHeader("Transfer-Encoding");
  socket.cork();
  res.writeHead(200, HEADERS);
  res.flushHeaders();
  socket.setNoDelay(true);
  socket.setTimeout(0);
  const channel = hub.channel(state, actor.audience);
  const opening = channel.opening({ ...query, kills, verified: signed.verified });
  const connection = new Connection(socket, actor.id, opening, takesDeltas(req.headers));
  const leave = hub.join(state, channel, connection, signed);
  const left = joined({ req, actor, connection });
  const release = unrecorded.hold(state, actor.audience, kills);
  res.on("close", () => {
    leave();
    release();
    left();
  });
  socket.uncork();
}
