import { z } from "zod";
import { route } from "../route.ts";
import { JsonValue, KillElement } from "../ruleset.ts";
import { Key } from "../words.ts";

/** As lenient as an SDK, which must answer by a ruleset that knows more than it does. */
const InlineRuleset = z.object({
  format: z.literal(1),
  environmentId: z.string(),
  epoch: z.number().int(),
  revision: z.number().int(),
  flags: z.record(z.string(), JsonValue),
  segments: z.record(z.string(), JsonValue),
  kills: z.array(KillElement),
});

const ContextBody = z.record(z.string(), JsonValue);

export const Decision = z
  .object({
    /** Absent exactly when the flag was not found. */
    value: JsonValue.optional(),
    variation: z.string().optional(),
    reason: z.string(),
    ruleId: z.string().optional(),
    prerequisite: z.string().optional(),
    split: z.boolean().optional(),
  })
  .meta({ id: "Decision" });

/** Evaluate an inline ruleset, or an environment of a project the caller may read. */
export const explainRoutes = {
  "POST /api/v1/explain": route({
    summary: "Decide one flag for one context, with the server's evaluator",
    access: "signed-in",
    anyText: true,
    body: z.union([
      z.strictObject({ ruleset: InlineRuleset, key: z.string().max(200), context: ContextBody }),
      z.strictObject({ project: Key, environment: Key, key: z.string().max(200), context: ContextBody }),
    ]),
    response: Decision.extend({
      revision: z.number().int(),
      /** What was looked at, step by step, in order; empty when the flag was not found. */
      trace: z.array(z.unknown()).optional(),
    }),
  }),
};
