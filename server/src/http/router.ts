import {
  type Access,
  type Fault,
  type ParsedInput,
  type Permission,
  type RouteName,
  type RouteResponse,
  type RouteSpec,
  routes,
} from "@lanyard/contract";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { z } from "zod";
import { type Actor, authoriseProject, type ProjectRef } from "../access/index.ts";
import { AppError } from "../errors.ts";
import { jsonBody } from "./body.ts";
import type { HttpContext } from "./context.ts";
import { killPass, renewKillPass, sessionToken as sessionTokenOf } from "./cookies.ts";
import { faultsOf } from "./faults.ts";
import { ifMatch } from "./if-match.ts";
import { refuseForeignOrigin } from "./origin.ts";
import { textFaults } from "./text.ts";

/** One parsed, authorised request. */
export interface Call<Name extends RouteName> extends ParsedInput<Name> {
  /** Anonymous callers reach `public` routes only. */
  actor: Actor;
  /** The project of the path; for routes whose access is a permission. */
  project: ProjectRef;
  /** The revision that the caller based the edit on, where `If-Match` said one. */
  ifMatch: number | undefined;
  req: Request;
  res: Response;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a handler of a route without an answer returns nothing.
type Answer<Name extends RouteName> = RouteResponse<Name> extends undefined ? void : RouteResponse<Name>;

type Handler<Name extends RouteName> = (call: Call<Name>) => Answer<Name> | Promise<Answer<Name>>;

const ANONYMOUS: Actor = { kind: "system", id: "system", name: "anonymous" };

/**
 * A router whose handlers get parsed input and an authorised caller, and return the answer's body. `bodyLimitBytes`
 * holds for all of its routes.
 */
export function createRouter(context: HttpContext, options: { bodyLimitBytes?: number } = {}) {
  const router = Router();
  const parsers = jsonBody(options.bodyLimitBytes);

  function add(name: RouteName, finish: (call: Call<RouteName>) => unknown) {
    const [method, path] = name.split(" ") as [string, string];
    const spec: RouteSpec = routes[name];
    // Before the body is read: a stranger's megabytes are not parsed.
    const identifyCaller: RequestHandler = async (req, res, next) => {
      res.locals.actor = await identify(context, spec.access, req);
      // Only what does not take memory for an answer was confirmed by the database.
      if (spec.access !== "kill-lane") renewKillPass(context, req, res, res.locals.actor as Actor);
      next();
    };
    const handle: RequestHandler = async (req, res) => {
      const actor = res.locals.actor as Actor;
      const input = parseInput(spec, req);
      const project = isPermission(spec.access)
        ? await authoriseProject(context.database, actor, String(input.params.project), spec.access)
        : { id: "", key: "" };
      await finish({
        ...input,
        actor,
        project,
        ifMatch: ifMatch(req),
        req,
        res,
      } as unknown as Call<RouteName>);
    };
    const expressPath = path.replaceAll(/\{(\w+)\}/g, ":$1");
    const verb = method.toLowerCase() as "get" | "post" | "put" | "patch" | "delete";
    router[verb](expressPath, identifyCaller, ...(spec.body ? parsers : []), handle);
  }

  return {
    router,
    /** A JSON route: what `handler` returns is the body. It may set another success status on `res`. */
    on<Name extends RouteName>(name: Name, handler: Handler<Name>): void {
      const spec: RouteSpec = routes[name];
      add(name, async (call) => {
        const answer = await handler(call as unknown as Call<Name>);
        if (call.res.statusCode === 200) call.res.status(spec.status ?? 200);
        if (answer === undefined) call.res.end();
        else call.res.json(answer);
      });
    },
    /** A route that writes its own answer: a stream, or bytes prepared before. */
    raw<Name extends RouteName>(name: Name, handler: (call: Call<Name>) => void | Promise<void>): void {
      add(name, (call) => handler(call as unknown as Call<Name>));
    },
  };
}

async function identify(context: HttpContext, access: Access, req: Request): Promise<Actor> {
  const sessionToken = sessionTokenOf(context, req);
  const { authorization } = req.headers;
  if (access === "public") {
    refuseForeignOrigin(req);
    return ANONYMOUS;
  }
  if (!authorization && sessionToken) refuseForeignOrigin(req);
  const credentials = { authorization, sessionToken, killPass: killPass(context, req) };
  const actor = await context.guard.identify(credentials, access === "kill-lane");
  if (!actor) throw new AppError("unauthenticated", unauthenticatedWords(access));
  if (!ACCEPTS[isPermission(access) ? "permission" : access](actor))
    throw new AppError("forbidden", "This key or account cannot be used here.");
  return actor;
}

/** Which kinds of caller a kind of route can be for at all; roles are checked after. */
const ACCEPTS: Record<Exclude<Access, Permission | "public"> | "permission", (actor: Actor) => boolean> = {
  "signed-in": ({ kind }) => kind === "user" || kind === "token",
  "instance-admin": (actor) => actor.kind === "user" && actor.instanceAdmin,
  sdk: ({ kind }) => kind === "sdk",
  "kill-lane": ({ kind }) => kind === "user" || kind === "token" || kind === "kill-token",
  "kill-record": ({ kind }) => kind === "user" || kind === "token" || kind === "kill-token",
  permission: ({ kind }) => kind === "user" || kind === "token",
};

const WORDS = new Set<Access>(["public", "signed-in", "instance-admin", "sdk", "kill-lane", "kill-record"]);

function isPermission(access: Access): access is Permission {
  return !WORDS.has(access);
}

function unauthenticatedWords(access: Access): string {
  return access === "sdk"
    ? "Present a valid SDK key: Authorization: Bearer lyd_srv_…"
    : "Sign in, or present a valid token: Authorization: Bearer …";
}

interface Input {
  params: Record<string, unknown>;
  query: unknown;
  body: unknown;
}

/** Path, query and body, with every fault of all three at once. */
function parseInput(spec: RouteSpec, req: Request): Input {
  const faults: Fault[] = [];
  const part = (schema: z.ZodType | undefined, value: unknown, where: Fault["in"]): unknown => {
    if (!schema) return undefined;
    const parsed = schema.safeParse(value);
    if (!spec.anyText) faults.push(...textFaults(value, where));
    if (parsed.success) return parsed.data;
    faults.push(...faultsOf(parsed.error, where));
    return undefined;
  };
  const input = {
    params: (part(spec.params, req.params, "path") ?? {}) as Record<string, unknown>,
    query: part(spec.query, req.query, "query"),
    body: part(spec.body, req.body ?? {}, "body"),
  };
  if (faults.length > 0) {
    const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
    throw new AppError("invalid-input", `The request has ${count}; see errors.`, { faults });
  }
  return input;
}
