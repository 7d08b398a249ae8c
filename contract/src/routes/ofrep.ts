import { z } from "zod";
import { route } from "../route.ts";
import { JsonValue } from "../ruleset.ts";

/** Lenient, as clients of many ages call: what is missing is an empty context. */
const OfrepRequest = z
  .object({ context: z.record(z.string(), JsonValue).optional() })
  .meta({ id: "OfrepRequest" });

const Metadata = z.record(z.string(), z.union([z.boolean(), z.string(), z.number()]));

/** Without `value` the caller's default stands in. */
export const OfrepEvaluation = z
  .object({
    key: z.string(),
    reason: z.enum(["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED"]),
    value: JsonValue.optional(),
    variant: z.string().optional(),
    metadata: Metadata,
  })
  .meta({ id: "OfrepEvaluation" });
export type OfrepEvaluation = z.infer<typeof OfrepEvaluation>;

export const OfrepEvaluations = z
  .object({
    flags: z.array(OfrepEvaluation),
    metadata: Metadata,
    /** Where changes are told; the URL carries a token and is to be kept secret. */
    eventStreams: z.array(
      z.object({
        type: z.literal("sse"),
        endpoint: z.object({ requestUri: z.string() }),
        inactivityDelaySec: z.number().int(),
      }),
    ),
  })
  .meta({ id: "OfrepEvaluations" });
export type OfrepEvaluations = z.infer<typeof OfrepEvaluations>;

/** OpenFeature's Remote Evaluation Protocol; docs/ofrep.md says what is ours in it. Errors have the protocol's own shape. */
export const ofrepRoutes = {
  "POST /ofrep/v1/evaluate/flags": route({
    summary: "OFREP: evaluate every flag that the key sees; strong ETag over the result, 304",
    access: "sdk",
    anyText: true,
    query: z.object({
      flagConfigEtag: z.string().max(200).optional(),
      flagConfigLastModified: z.string().max(40).optional(),
    }),
    body: OfrepRequest,
    response: OfrepEvaluations,
  }),
  "POST /ofrep/v1/evaluate/flags/{key}": route({
    summary: "OFREP: evaluate one flag",
    access: "sdk",
    anyText: true,
    params: z.object({ key: z.string() }),
    body: OfrepRequest,
    response: OfrepEvaluation,
  }),
  "GET /ofrep/v1/stream": route({
    summary:
      "OFREP: Server-Sent Events that say when to evaluate again; the token comes with the evaluations",
    access: "public",
    query: z.object({ token: z.string().max(400) }),
    raw: "text/event-stream",
  }),
};
