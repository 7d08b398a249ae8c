import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";
import type { KeyIndex, Vault } from "../../access/index.ts";
import { AppError } from "../../errors.ts";
import type { Fanout } from "../../fanout/index.ts";
import { type Call, type createRouter, errorHandler } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import { matches, type Snapshots } from "../ruleset/index.ts";
import { type SdkActor, sdkActor, signedContext } from "../sdk-actor.ts";
import { createAdmissions, type TakePlace } from "../stream/index.ts";
import { etagOf, evaluationOf, evaluationsOf } from "./answer.ts";
import type { Evaluators } from "./evaluators.ts";
import { failureOf } from "./failure.ts";
import { catchUp, serves } from "./freshness.ts";
import type { Notices } from "./notices.ts";
import type { RequestLimit } from "./request-limit.ts";
import type { StreamTokens } from "./stream-token.ts";

/** After that long out of sight a client asks again without conditions. */
const INACTIVITY_SECONDS = 120;

export interface OfrepServices {
  environments: Environments;
  snapshots: Snapshots;
  fanout: Fanout;
  keys: KeyIndex;
  vault: Vault;
  evaluators: Evaluators;
  notices: Notices;
  tokens: StreamTokens;
  limit: RequestLimit;
  takePlace: TakePlace;
  isDraining(): boolean;
}

export function addOfrepRoutes(routes: ReturnType<typeof createRouter>, services: OfrepServices): void {
  const { environments, evaluators, limit, vault } = services;
  const stateOf = async ({ environmentId }: SdkActor) =>
    environments.get(environmentId) ?? (await environments.require(environmentId));

  routes.on("POST /ofrep/v1/evaluate/flags/{key}", async (call) => {
    const actor = sdkActor(call);
    const address = call.req.ip ?? "";
    await limit.admit(actor, address);
    const { verified } = await signedContext(actor, call.req, vault);
    const state = await stateOf(actor);
    const { key } = call.params;
    const evaluator = evaluators.of(state, actor.audience, verified);
    const evaluation = limit.work(actor, address, () =>
      evaluationOf(evaluator, state.id, key, call.body.context ?? {}),
    );
    if (!evaluation) throw new AppError("not-found", `There is no flag ${JSON.stringify(key)}.`);
    call.res.setHeader("Cache-Control", "private, no-store");
    return evaluation;
  });

  routes.raw("POST /ofrep/v1/evaluate/flags", async (call) => {
    const actor = sdkActor(call);
    const address = call.req.ip ?? "";
    await limit.admit(actor, address);
    const { verified } = await signedContext(actor, call.req, vault);
    const state = await stateOf(actor);
    const { tag } = services.snapshots.of(state, actor.audience);
    if (!serves(state, tag, call.query)) await catchUp(services, state.id);
    const evaluator = evaluators.of(state, actor.audience, verified);
    const evaluations = limit.work(actor, address, () =>
      evaluationsOf(evaluator, state.id, call.body.context ?? {}),
    );
    const eventStreams = [eventStream(services.tokens.of(actor.id))];
    sendEvaluations(call, JSON.stringify({ ...evaluations, eventStreams }));
  });

  addStreamRoute(routes, services);
}

function sendEvaluations({ req, res }: Call<"POST /ofrep/v1/evaluate/flags">, body: string): void {
  const etag = etagOf(body);
  res.setHeader("ETag", etag);
  res.setHeader("Cache-Control", "private, no-cache");
  if (matches(req.headers["if-none-match"], etag)) res.status(304).end();
  else res.type("application/json").send(body);
}

/** A path rather than a URL: it leads through whatever proxy the client itself came through. */
function eventStream(token: string) {
  return {
    type: "sse",
    endpoint: { requestUri: `/ofrep/v1/stream?token=${encodeURIComponent(token)}` },
    inactivityDelaySec: INACTIVITY_SECONDS,
  };
}

const STREAM_HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-cache, no-transform",
  // nginx gathers an answer before it passes it on, unless told not to.
  "X-Accel-Buffering": "no",
};

function addStreamRoute(routes: ReturnType<typeof createRouter>, services: OfrepServices): void {
  const { environments, keys, notices, takePlace, tokens } = services;
  const admission = createAdmissions();
  routes.raw("GET /ofrep/v1/stream", async ({ query, req, res }) => {
    const keyId = tokens.keyOf(query.token);
    const actor = keyId === undefined ? undefined : keys.actor(keyId);
    if (!actor)
      throw new AppError("unauthenticated", "The stream's token is over; evaluate again to get another.");
    const { environmentId, audience, id } = sdkActor({ actor, req });
    if (res.destroyed) return;
    res.once("close", takePlace(audience, req.ip ?? ""));
    const waitSeconds = services.isDraining() ? 1 : admission[audience].askedToWait();
    if (waitSeconds !== undefined)
      throw new AppError("unavailable", "Streams cannot be opened here right now; come again in a moment.", {
        retryAfterSeconds: waitSeconds,
      });
    const state = environments.get(environmentId) ?? (await environments.require(environmentId));
    if (res.destroyed) return;
    res.writeHead(200, STREAM_HEADERS);
    res.flushHeaders();
    res.socket?.setNoDelay(true);
    res.socket?.setTimeout(0);
    notices.open(state, audience, id, res);
  });
}

/** OFREP knows `X-API-Key` beside the bearer token; from here on they are one. */
export const acceptApiKey: RequestHandler = function acceptApiKey(req, _res, next) {
  const key = req.get("x-api-key");
  if (key !== undefined) req.headers.authorization ??= `Bearer ${key}`;
  next();
};

/** To be mounted at `/ofrep`, behind its routes. */
export function ofrepErrors(log: Logger): ErrorRequestHandler {
  return errorHandler(log, (error, req, res) => {
    res.json(failureOf(error, req.path));
  });
}
