import { bearerOf, type KeyIndex } from "../../access/index.ts";
import { type Ahead, queryAhead, setRequestId } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import { ANONYMOUS } from "../sdk-actor.ts";
import type { Admission } from "./admission.ts";
import { openStream, type Streams } from "./open.ts";

interface AheadServices extends Streams {
  keys: KeyIndex;
  environments: Environments;
  admission: Admission;
}

/** Opens the streams of servers: what Express adds to a request would be kept for as long as its stream. */
export function openStreamsAhead({ keys, environments, admission, ...streams }: AheadServices): Ahead {
  return function openAhead(req, res) {
    const { headers } = req;
    const query = queryAhead("GET /sdk/v1/stream", req);
    if (query === undefined || headers.origin !== undefined || headers["lanyard-context"] !== undefined)
      return false;
    const actor = keys.find(bearerOf(headers.authorization) ?? "");
    if (actor?.kind !== "sdk" || actor.audience !== "server") return false;
    const state = environments.get(actor.environmentId);
    if (!state || streams.hub.draining || !admission.enters()) return false;
    setRequestId(req, res);
    openStream(streams, { actor, state, query, signed: ANONYMOUS }, req, res);
    return true;
  };
}
