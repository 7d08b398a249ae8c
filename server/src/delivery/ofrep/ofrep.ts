import type { Logger } from "pino";
import type { KeyIndex, Vault } from "../../access/index.ts";
import { createSigner, type Fanout } from "../../fanout/index.ts";
import { createRouter, type HttpContext } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import type { Snapshots } from "../ruleset/index.ts";
import type { TakePlace } from "../stream/index.ts";
import { createEvaluators } from "./evaluators.ts";
import { createNotices } from "./notices.ts";
import { createRequestLimit } from "./request-limit.ts";
import { acceptApiKey, addOfrepRoutes, ofrepErrors } from "./routes.ts";
import { createStreamTokens } from "./stream-token.ts";

/** A context, however many attributes it has: what is asked about all of them is done in one go. */
const BODY_BYTES = 64 * 1024;

interface Options {
  http: HttpContext;
  log: Logger;
  secrets: { current: string; previous?: string | undefined };
  environments: Environments;
  snapshots: Snapshots;
  fanout: Fanout;
  keys: KeyIndex;
  vault: Vault;
  takePlace: TakePlace;
  isDraining(): boolean;
}

/** OpenFeature's Remote Evaluation Protocol: this node decides for those who have no SDK of ours. */
export function createOfrep({ http, log, secrets, ...shared }: Options) {
  const { snapshots } = shared;
  const notices = createNotices(shared);
  const routes = createRouter(http, { bodyLimitBytes: BODY_BYTES });
  routes.router.use("/ofrep", acceptApiKey);
  addOfrepRoutes(routes, {
    ...shared,
    notices,
    evaluators: createEvaluators(snapshots),
    tokens: createStreamTokens(createSigner(secrets.current, secrets.previous)),
    limit: createRequestLimit(),
  });
  routes.router.use("/ofrep", ofrepErrors(log));
  return { router: routes.router, drain: notices.drain, close: notices.close };
}
