import type { Vault } from "../../access/index.ts";
import { AppError } from "../../errors.ts";
import type { createRouter } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import type { Audience } from "../ruleset/index.ts";
import { sdkActor, signedContext } from "../sdk-actor.ts";
import type { Admission } from "./admission.ts";
import type { TakePlace } from "./client-places.ts";
import { openStream, type Streams } from "./open.ts";

interface StreamServices extends Streams {
  environments: Environments;
  vault: Vault;
  admission: Record<Audience, Admission>;
  takePlace: TakePlace;
}

export function addStreamRoutes(
  routes: ReturnType<typeof createRouter>,
  { environments, vault, admission, takePlace, ...streams }: StreamServices,
): void {
  routes.raw("GET /sdk/v1/stream", async (call) => {
    const actor = sdkActor(call);
    const { req, res, query } = call;
    if (res.destroyed) return;
    res.once("close", takePlace(actor.audience, req.ip ?? ""));
    const waitSeconds = admission[actor.audience].askedToWait();
    if (waitSeconds !== undefined)
      throw new AppError("unavailable", "Many streams are being opened; come again in a moment.", {
        retryAfterSeconds: waitSeconds,
      });
    const signed = await signedContext(actor, req, vault);
    const state = environments.get(actor.environmentId) ?? (await environments.require(actor.environmentId));
    openStream(streams, { actor, state, query, signed }, req, res);
    // Node keeps the request as long as its stream, which has no use for the way it came through the routers.
    req.next = undefined;
  });
}
