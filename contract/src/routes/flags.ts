import { z } from "zod";
import { route } from "../route.ts";
import { Audience, FlagType, LIMITS, StalePolicy, Targeting, Variation } from "../ruleset.ts";
import { warnings } from "../warning.ts";
import { ActorSummary, Description, Key, Message, Name, PageQuery, page, Tag, Timestamp } from "../words.ts";

export const Purpose = z.enum(["release", "experiment", "operational", "permission"]);

export const ActiveKill = z
  .object({
    id: z.string(),
    reason: z.string(),
    at: Timestamp,
    by: ActorSummary,
    expiresAt: Timestamp.nullable(),
  })
  .meta({ id: "ActiveKill" });
export type ActiveKill = z.infer<typeof ActiveKill>;

/** A flag's state in one environment, readable at a glance. */
export const FlagState = z
  .object({
    on: z.boolean(),
    /** Active kills, newest first; empty means not killed. */
    kills: z.array(ActiveKill),
    /** What most people get when it is on: the fallthrough. */
    serves: z.union([
      z.object({ variation: z.string() }),
      z.object({ split: z.array(z.object({ variation: z.string(), weight: z.number() })) }),
    ]),
    rules: z.number().int(),
    targets: z.number().int(),
    /** Of this flag in this environment; the `If-Match` of the next save. */
    revision: z.number().int(),
    updatedAt: Timestamp,
  })
  .meta({ id: "FlagState" });
export type FlagState = z.infer<typeof FlagState>;

const FlagBase = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  type: FlagType,
  purpose: Purpose,
  audience: Audience,
  tags: z.array(z.string()),
  owner: z.string(),
  variations: z.array(Variation),
  off: z.string(),
  archivedAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});

export const FlagListItem = FlagBase.extend({
  /** By environment key. */
  environments: z.record(z.string(), FlagState),
}).meta({ id: "FlagListItem" });
export type FlagListItem = z.infer<typeof FlagListItem>;

export const FlagDetail = FlagBase.extend({
  seed: z.string(),
  /** Metadata version: the `If-Match` of a definition edit. */
  version: z.number().int(),
  environments: z.record(z.string(), FlagState.extend({ targeting: Targeting })),
  /** Keys of flags that name this one as a prerequisite. */
  dependants: z.array(z.string()),
}).meta({ id: "FlagDetail" });
export type FlagDetail = z.infer<typeof FlagDetail>;

export const SavedFlag = FlagDetail.extend({ warnings }).meta({ id: "SavedFlag" });
export type SavedFlag = z.infer<typeof SavedFlag>;

export const FlagUsage = z
  .object({
    /** Sums over the window, by variation and reason, largest first. */
    totals: z.array(z.object({ variation: z.string().nullable(), reason: z.string(), count: z.number() })),
    /** Per minute, oldest first. */
    minutes: z.array(z.object({ at: Timestamp, counts: z.record(z.string(), z.number()) })),
    lastSeenAt: Timestamp.nullable(),
  })
  .meta({ id: "FlagUsage" });
export type FlagUsage = z.infer<typeof FlagUsage>;

const FlagPath = z.object({ project: Key, flag: Key });
const FlagEnvironmentPath = FlagPath.extend({ environment: Key });

const Definition = z.strictObject({
  variations: z.array(Variation).min(1).max(LIMITS.variations),
  off: z.string().min(1).max(100),
  audience: Audience,
});

export const flagRoutes = {
  "GET /api/v1/projects/{project}/flags": route({
    summary: "Flags with their state in every environment",
    access: "project:read",
    params: z.object({ project: Key }),
    query: PageQuery.extend({
      /** Matches key, name and description. */
      search: z.string().max(200).optional(),
      tag: z.string().max(50).optional(),
      owner: z.string().max(200).optional(),
      purpose: Purpose.optional(),
      audience: Audience.optional(),
      /** State in `environment`, which it needs. */
      state: z.enum(["on", "off", "killed"]).optional(),
      environment: Key.optional(),
      archived: z.stringbool().default(false),
      sort: z.enum(["key", "updated"]).default("key"),
    }),
    response: page(FlagListItem).extend({ total: z.number().int(), tags: z.array(z.string()) }),
  }),
  "POST /api/v1/projects/{project}/flags": route({
    summary: "Make a flag, turned off in every environment",
    access: "flag:edit",
    status: 201,
    params: z.object({ project: Key }),
    body: z.strictObject({
      key: Key,
      name: Name,
      description: Description.default(""),
      type: FlagType.default("boolean"),
      purpose: Purpose.default("release"),
      audience: Audience.default("server"),
      tags: z.array(Tag).max(50).default([]),
      owner: z.string().max(200).default(""),
      /** For booleans, `on` and `off` unless given. */
      variations: Definition.shape.variations.optional(),
      /** For booleans `off`; otherwise required. */
      off: Definition.shape.off.optional(),
      message: Message.optional(),
    }),
    response: FlagDetail,
  }),
  "GET /api/v1/projects/{project}/flags/{flag}": route({
    summary: "A flag with its targeting in every environment",
    access: "project:read",
    params: FlagPath,
    response: FlagDetail,
  }),
  "PATCH /api/v1/projects/{project}/flags/{flag}": route({
    summary:
      "Edit name, description, purpose, tags, owner; and, over all environments at once, variations, off, audience",
    access: "flag:edit",
    params: FlagPath,
    body: z
      .strictObject({
        name: Name,
        description: Description,
        purpose: Purpose,
        tags: z.array(Tag).max(50),
        owner: z.string().max(200),
        ...Definition.shape,
        message: Message,
      })
      .partial(),
    response: SavedFlag,
  }),
  "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}": route({
    summary:
      "Save targeting; `If-Match` with the revision it was based on answers 409 instead of overwriting",
    access: "flag:edit",
    params: FlagEnvironmentPath,
    body: Targeting.partial().extend({
      /** Null takes the policy away. */
      stale: StalePolicy.nullable().optional(),
      /** Why; required in a protected environment. */
      message: Message.optional(),
    }),
    response: SavedFlag,
  }),
  "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore": route({
    summary: "Put the targeting of an earlier revision back, as a new change",
    access: "flag:edit",
    params: FlagEnvironmentPath,
    body: z.strictObject({ revision: z.number().int().min(1), message: Message.optional() }),
    response: SavedFlag,
  }),
  "GET /api/v1/projects/{project}/flags/{flag}/environments/{environment}/usage": route({
    summary: "Evaluations counted by connected SDKs",
    access: "project:read",
    params: FlagEnvironmentPath,
    query: z.object({ minutes: z.coerce.number().int().min(1).max(1440).default(60) }),
    response: FlagUsage,
  }),
  "POST /api/v1/projects/{project}/flags/{flag}/archive": route({
    summary: "Take a flag out of every ruleset; refused while others depend on it; does not end a kill",
    access: "flag:delete",
    params: FlagPath,
    body: z.strictObject({ message: Message.optional() }),
    response: FlagDetail,
  }),
  "POST /api/v1/projects/{project}/flags/{flag}/unarchive": route({
    summary: "Bring an archived flag back, turned off everywhere",
    access: "flag:delete",
    params: FlagPath,
    body: z.strictObject({ message: Message.optional() }),
    response: SavedFlag,
  }),
  "DELETE /api/v1/projects/{project}/flags/{flag}": route({
    summary: "Delete an archived flag that is not killed",
    access: "flag:delete",
    status: 204,
    params: FlagPath,
  }),
};
