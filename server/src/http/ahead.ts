import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { parse } from "node:querystring";
import { type ParsedInput, type RouteName, type RouteSpec, routes } from "@lanyard/contract";
import type { Logger } from "pino";
import { textFaults } from "./text.ts";

/**
 * Answers what comes by the thousand, ahead of Express and all middleware, if the request is exactly that; says whether
 * it did. Whatever is refused or out of the ordinary is left to the routes, which know how to say why.
 */
export type Ahead = (req: IncomingMessage, res: ServerResponse) => boolean;

/** A listener that asks `ahead` first; one that fails there is logged and goes the ordinary way. */
export function answerAhead(ahead: Ahead, ordinary: RequestListener, log: Logger): RequestListener {
  return function answer(req, res) {
    try {
      if (ahead(req, res)) return;
    } catch (error) {
      log.error({ err: error }, "a request failed ahead of the routes");
      if (res.headersSent) {
        res.destroy();
        return;
      }
    }
    ordinary(req, res);
  };
}

/** The query of a GET for this route, as the route would get it; undefined for another request, or one with faults. */
export function queryAhead<Name extends RouteName & `GET ${string}`>(
  name: Name,
  { method, url = "" }: IncomingMessage,
): ParsedInput<Name>["query"] | undefined {
  const [path, search = ""] = url.split("?", 2) as [string, string?];
  if (`${method} ${path}` !== name) return undefined;
  const spec: RouteSpec = routes[name];
  const given = parse(search);
  const parsed = spec.query?.safeParse(given);
  if (!parsed?.success || textFaults(given, "query").length > 0) return undefined;
  return parsed.data as ParsedInput<Name>["query"];
}
