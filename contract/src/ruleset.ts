import type * as model from "@lanyard/evaluation";
import { z } from "zod";

/** Schemas of the evaluation model. `satisfies` below keeps them and the hand-written types from drifting apart. */

export const LIMITS = {
  rules: 200,
  conditions: 1_000,
  conditionDepth: 10,
  segmentValues: 100_000,
  conditionValues: 5_000,
  valueBytes: 65_536,
  flagsPerEnvironment: 20_000,
  variations: 100,
} as const;

const Unit = z.string().min(1).max(200);
const VariationId = z.string().min(1).max(100);

export const JsonValue: z.ZodType<model.JsonValue> = z
  .lazy(() =>
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(JsonValue),
      z.record(z.string(), JsonValue),
    ]),
  )
  .meta({ id: "JsonValue" });

export const FlagType = z.enum(["boolean", "string", "number", "json"]);
export const Audience = z.enum(["server", "client"]);

export const Variation = z.strictObject({ id: VariationId, value: JsonValue }).meta({ id: "Variation" });

export const Split = z.strictObject({
  unit: Unit,
  seed: z.string().min(1).max(200).optional(),
  algorithm: z.string().min(1).max(50).optional(),
  weights: z
    .array(z.strictObject({ variation: VariationId, weight: z.number().int().min(0).max(100_000) }))
    .min(1)
    .max(LIMITS.variations),
});

export const Serve = z
  .union([z.strictObject({ variation: VariationId }), z.strictObject({ split: Split })])
  .meta({ id: "Serve" });

const AttributeTest = z.strictObject({
  attribute: z.string().min(1).max(200),
  operator: z.string().min(1).max(50),
  values: z.array(JsonValue).max(LIMITS.conditionValues).optional(),
  ignoreCase: z.boolean().optional(),
});

const BucketTest = z.strictObject({
  unit: Unit,
  seed: z.string().min(1).max(200),
  algorithm: z.string().min(1).max(50).optional(),
  below: z.number().int().min(0).max(100_000),
});

export const Condition: z.ZodType<model.Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(Condition) }),
      z.strictObject({ any: z.array(Condition) }),
      z.strictObject({ not: Condition }),
      z.strictObject({ segment: z.string().min(1).max(100) }),
      z.strictObject({ bucket: BucketTest }),
      AttributeTest,
    ]),
  )
  .meta({ id: "Condition" }) as z.ZodType<model.Condition>;

export const Rule = z
  .strictObject({ id: z.string().min(1).max(64), when: Condition, serve: Serve })
  .meta({ id: "Rule" });

export const Target = z.strictObject({
  unit: Unit,
  variation: VariationId,
  values: z.array(z.string().min(1).max(500)).max(LIMITS.conditionValues),
});

export const Prerequisite = z.strictObject({
  flag: z.string().min(1).max(100),
  variations: z.array(VariationId).min(1).max(LIMITS.variations),
});

export const StalePolicy = z.strictObject({
  afterSeconds: z.number().int().min(1).max(31_536_000),
  // biome-ignore lint/suspicious/noThenProperty: the name is part of the wire contract.
  then: z.literal("off"),
});

/** What one flag does in one environment: the editable part of a flag's snapshot. */
export const Targeting = z.strictObject({
  on: z.boolean(),
  prerequisites: z.array(Prerequisite).max(20),
  targets: z.array(Target).max(50),
  rules: z.array(Rule).max(LIMITS.rules),
  fallthrough: Serve,
  stale: StalePolicy.optional(),
});
export type Targeting = z.infer<typeof Targeting>;

export const Flag = Targeting.extend({
  type: FlagType,
  hash: z.string().max(100),
  seed: z.string().min(1).max(200),
  variations: z.array(Variation).min(1).max(LIMITS.variations),
  off: VariationId,
  audience: Audience,
}).meta({ id: "Flag" });

export const SegmentContent = z.strictObject({
  unit: Unit,
  included: z.array(z.string().min(1).max(500)).max(LIMITS.segmentValues),
  excluded: z.array(z.string().min(1).max(500)).max(LIMITS.segmentValues),
  when: Condition.optional(),
});
export type SegmentContent = z.infer<typeof SegmentContent>;

export const Segment = SegmentContent.extend({ hash: z.string().max(100) }).meta({ id: "Segment" });

export const KillElement = z
  .strictObject({ id: z.string(), flag: z.string(), at: z.string() })
  .meta({ id: "KillElement" });

export const Ruleset = z
  .strictObject({
    format: z.literal(1),
    environmentId: z.string(),
    epoch: z.number().int(),
    revision: z.number().int(),
    flags: z.record(z.string(), Flag),
    segments: z.record(z.string(), Segment),
    kills: z.array(KillElement),
  })
  .meta({ id: "Ruleset" });

/** Compile-time guard: a field added to the model but not to its schema (or the reverse) fails here. */
type SameKeys<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : never;
type Guarded<Ok extends true[]> = Ok;
export type ModelGuard = Guarded<
  [
    SameKeys<z.infer<typeof Ruleset>, model.Ruleset>,
    SameKeys<z.infer<typeof Flag>, model.Flag>,
    SameKeys<z.infer<typeof Segment>, model.Segment>,
    SameKeys<z.infer<typeof Split>, model.Split>,
    SameKeys<z.infer<typeof Rule>, model.Rule>,
    model.Ruleset extends z.input<typeof Ruleset> ? true : never,
  ]
>;
