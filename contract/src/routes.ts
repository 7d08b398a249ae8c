import type { z } from "zod";
import type { RouteSpec } from "./route.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { deliveryRoutes } from "./routes/delivery.ts";
import { explainRoutes } from "./routes/explain.ts";
import { flagRoutes } from "./routes/flags.ts";
import { eventRoutes, historyRoutes } from "./routes/history.ts";
import { keyRoutes } from "./routes/keys.ts";
import { killPageRoutes } from "./routes/kill-page.ts";
import { killRoutes } from "./routes/kills.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { ofrepRoutes } from "./routes/ofrep.ts";
import { projectRoutes } from "./routes/projects.ts";
import { receiptRoutes } from "./routes/receipts.ts";
import { segmentRoutes } from "./routes/segments.ts";

/** The one route table: it drives the server's parsing, the UI's typed client and the OpenAPI document. */
export const routes = {
  ...accountRoutes,
  ...projectRoutes,
  ...keyRoutes,
  ...flagRoutes,
  ...segmentRoutes,
  ...killRoutes,
  ...killPageRoutes,
  ...receiptRoutes,
  ...historyRoutes,
  ...eventRoutes,
  ...explainRoutes,
  ...metricRoutes,
  ...deliveryRoutes,
  ...ofrepRoutes,
} satisfies Record<`${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`, RouteSpec>;

export type Routes = typeof routes;
/** `METHOD /path/{parameter}` */
export type RouteName = keyof Routes;

type In<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type Out<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Part<Name extends RouteName, Field extends string> =
  Routes[Name] extends Record<Field, infer Schema> ? Schema : undefined;

/** What a caller sends. */
export interface RouteInput<Name extends RouteName> {
  params: In<Part<Name, "params">>;
  query: In<Part<Name, "query">>;
  body: In<Part<Name, "body">>;
}

/** What a handler gets, parsed. */
export interface ParsedInput<Name extends RouteName> {
  params: Out<Part<Name, "params">>;
  query: Out<Part<Name, "query">>;
  body: Out<Part<Name, "body">>;
}

/** What the route answers. */
export type RouteResponse<Name extends RouteName> = Out<Part<Name, "response">>;
