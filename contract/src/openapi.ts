import { z } from "zod";
import { Problem } from "./problem.ts";
import type { RouteSpec } from "./route.ts";
import { routes } from "./routes.ts";

type Json = Record<string, unknown>;

const PROBLEM = { $ref: "#/components/schemas/Problem" };

/** The OpenAPI 3.1 document of the route table; `contract/openapi.json` is its committed copy. */
export function openApiDocument(): Json {
  const components = new Components();
  components.add("Problem", Problem);
  const paths: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(routes) as [string, RouteSpec][]) {
    const [method, path] = name.split(" ") as [string, string];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, spec, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Lanyard",
      version: "1",
      description: "Feature flags with kill switches. Errors are RFC 9457 problems; lists are keyset pages.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "lanyard" },
        token: { type: "http", scheme: "bearer", description: "A management token, kill token or SDK key" },
      },
      schemas: components.sorted(),
    },
  };
}

function operation(name: string, spec: RouteSpec, components: Components): Json {
  const success = String(spec.status ?? 200);
  return {
    operationId: operationId(name),
    summary: spec.summary,
    "x-access": spec.access,
    ...(spec.access !== "public" && { security: security(spec) }),
    parameters: [
      ...parameters(spec.params, "path", components),
      ...parameters(spec.query, "query", components),
    ],
    ...(spec.body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: components.inline(spec.body, "input") } },
      },
    }),
    responses: {
      [success]: answer(spec, components),
      default: { description: "A problem", content: { "application/problem+json": { schema: PROBLEM } } },
    },
  };
}

function security(spec: RouteSpec): Json[] {
  if (spec.access === "sdk") return [{ token: [] }];
  if (spec.access === "instance-admin") return [{ session: [] }];
  return [{ session: [] }, { token: [] }];
}

function answer(spec: RouteSpec, components: Components): Json {
  if (spec.raw) return { description: "A stream", content: { [spec.raw]: { schema: { type: "string" } } } };
  if (!spec.response) return { description: "Done" };
  const schema = components.inline(spec.response, "output");
  return { description: "Done", content: { "application/json": { schema } } };
}

function parameters(
  schema: z.ZodObject | undefined,
  where: "path" | "query",
  components: Components,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, member]) => ({
    name,
    in: where,
    required: where === "path" || !(member as z.ZodType).safeParse(undefined).success,
    schema: components.inline(member as z.ZodType, "input"),
  }));
}

/** `GET /api/v1/projects/{project}/flags` → `getApiV1ProjectsByProjectFlags`. */
function operationId(name: string): string {
  const [method = "", path = ""] = name.split(" ");
  const words = path
    .replaceAll(/\{(\w+)\}/g, "by-$1")
    .split(/[/-]/)
    .filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** Named schemas, each once. */
class Components {
  readonly #schemas = new Map<string, Json>();

  add(name: string, schema: z.ZodType): void {
    this.#schemas.set(name, this.inline(schema, "output"));
  }

  sorted(): Record<string, Json> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The schema, with every named one that it uses moved to the components. */
  inline(schema: z.ZodType, io: "input" | "output"): Json {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, { io, override: tidy(io) }) as Json & {
      $defs?: Record<string, Json>;
    };
    for (const [name, definition] of Object.entries($defs ?? {})) {
      const linked = relink(definition) as Json;
      const known = this.#schemas.get(name);
      if (known && JSON.stringify(known) !== JSON.stringify(linked))
        throw new Error(`${name} is sent and answered in different shapes: give one of them another id`);
      this.#schemas.set(name, linked);
    }
    return relink(root) as Json;
  }
}

type Override = Exclude<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"], undefined>;

/** A format says what its long pattern would, and an answer may gain members that old clients ignore. */
function tidy(io: "input" | "output"): Override {
  return ({ zodSchema, jsonSchema }) => {
    delete jsonSchema.id;
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    const { def } = zodSchema._zod;
    if (io === "output" && def.type === "object" && !def.catchall) delete jsonSchema.additionalProperties;
  };
}

function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" ? String(member).replace("#/$defs/", "#/components/schemas/") : relink(member),
    ]),
  );
}
