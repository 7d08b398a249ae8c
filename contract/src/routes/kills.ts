import { z } from "zod";
import { route } from "../route.ts";
import { ActorSummary, Key, PageQuery, page, Tag, Timestamp } from "../words.ts";
import { KillReceipts } from "./receipts.ts";

/** As the kill lane names them. */
export const KillId = z.string().regex(/^kill_[\w-]{1,60}$/, "is not the id of a kill");

const KillReason = z.string().trim().min(1, "say why: the record and the page show it").max(1000);

export const KillElement = z
  .object({
    environment: z.string(),
    flag: z.string(),
    at: Timestamp,
    lift: z.object({ at: Timestamp, by: ActorSummary, reason: z.string() }).nullable(),
  })
  .meta({ id: "KillRecordElement" });

export const Kill = z
  .object({
    id: z.string(),
    project: z.string(),
    reason: z.string(),
    by: ActorSummary,
    at: Timestamp,
    expiresAt: Timestamp.nullable(),
    /** Whether any element is still in force. */
    active: z.boolean(),
    elements: z.array(KillElement),
  })
  .meta({ id: "Kill" });
export type Kill = z.infer<typeof Kill>;

/** Where an accepted kill is stored; `pending` names what it will reach when that is back. */
export const Durability = z.enum(["postgres", "redis", "journal", "ephemeral"]);

/** Which servers tell their SDKs now; the others will when PostgreSQL or Redis is back. */
export const Reach = z.enum(["all nodes", "this node and its peers", "this node"]);

const SELECTORS = ["flags", "tag", "owner", "changedSince"] as const;

export const NewKill = z
  .strictObject({
    project: Key,
    environments: z.array(Key).min(1).max(50),
    /** One selector: flag keys, a tag, an owner, or the time of their change. */
    flags: z.array(Key).min(1).max(1000).optional(),
    tag: Tag.optional(),
    owner: z.string().min(1).max(200).optional(),
    /** Flags whose rules, or whose segments, were changed then or later; at most a day ago. */
    changedSince: Timestamp.optional(),
    reason: KillReason,
    expiresAt: Timestamp.optional(),
    /** Beside `changedSince`, a retry with the same key is the same kill; any other selector tells that by itself. */
    idempotencyKey: z.string().min(1).max(200).optional(),
  })
  .refine((kill) => SELECTORS.filter((selector) => kill[selector] !== undefined).length === 1, {
    message: "give exactly one selector: flags, tag, owner or changedSince",
    path: ["flags"],
  })
  .meta({ id: "NewKill" });
export type NewKill = z.infer<typeof NewKill>;

export const AcceptedKill = z
  .object({
    id: z.string(),
    flags: z
      .array(z.string())
      .meta({ description: "The keys that it covers. Flags that match the selector later are not covered." }),
    environments: z.array(z.string()),
    /** Asked for by key, but not known in these environments. */
    unknownFlags: z.array(z.string()),
    expiresAt: Timestamp.nullable().optional().meta({
      description:
        "When it ends by itself; null for never. Of what was killed twice it is the longest that was asked for. Absent until PostgreSQL has it.",
    }),
    durable: z.array(Durability),
    pending: z.array(Durability),
    reach: Reach,
    /** SDK streams that are open: of all servers that tell one another through Redis, and of this one. */
    connected: z.number().int(),
    /** With `wait`: who has confirmed until now. */
    receipts: KillReceipts.nullable(),
  })
  .meta({ id: "AcceptedKill" });
export type AcceptedKill = z.infer<typeof AcceptedKill>;

const StillKilledBy = z.array(
  z.object({ environment: z.string(), flag: z.string(), kills: z.array(z.string()) }),
);

export const NewBreakGlassLift = z.strictObject({
  project: Key,
  environments: z.array(Key).min(1).max(50),
  /** All that the kill holds down there, unless said. A kill that is on no record is lifted by its flags. */
  flags: z.array(Key).min(1).max(1000).optional(),
  reason: z.string().trim().min(1, "say why it cannot wait").max(1000),
});
export type NewBreakGlassLift = z.infer<typeof NewBreakGlassLift>;

export const AcceptedLift = z
  .object({
    lifted: z.array(z.object({ environment: z.string(), flag: z.string() })),
    /** Flags that other kills still hold down. */
    stillKilledBy: StillKilledBy,
    durable: z.array(Durability),
    pending: z.array(Durability),
    reach: Reach,
  })
  .meta({ id: "AcceptedLift" });
export type AcceptedLift = z.infer<typeof AcceptedLift>;

/** A duration such as `2s` or `500ms`, up to ten seconds. */
const Wait = z
  .string()
  .regex(/^\d{1,5}m?s$/, "is a duration such as 2s or 500ms")
  .transform((text) => Number.parseInt(text, 10) * (text.endsWith("ms") ? 1 : 1_000))
  .refine((ms) => ms <= 10_000, "is at most 10s");

export const killRoutes = {
  "POST /api/v1/kills": route({
    summary: "Kill flags at once; needs no approval. 200 when PostgreSQL has it, 202 when it will",
    access: "kill-lane",
    /** Answers when all instances that were there have confirmed, or after so long. */
    query: z.object({ wait: Wait.optional() }),
    body: NewKill,
    response: AcceptedKill,
  }),
  "POST /hooks/kill/{token}": route({
    summary:
      "Trigger URL for an alert: what it kills is in the URL, the body gives the reason and the episode; repeats do nothing",
    access: "public",
    params: z.object({ token: z.string().regex(/^lyd_kill_[\w-]{1,100}$/, "is not a kill token") }),
    query: z
      .object({
        project: Key,
        environment: Key,
        flag: Key.optional(),
        tag: Tag.optional(),
        owner: z.string().min(1).max(200).optional(),
      })
      .refine(
        ({ flag, tag, owner }) => [flag, tag, owner].filter((each) => each !== undefined).length === 1,
        {
          message: "give exactly one selector: flag, tag or owner",
          path: ["flag"],
        },
      ),
    body: z.looseObject({}),
    /** Whatever an alert says, it kills: what no column can hold is replaced. */
    anyText: true,
    response: z.object({
      /** `ignored`: nothing to do, as the alert is resolved or the kill of this episode was lifted already. */
      outcome: z.enum(["killed", "lifted", "ignored"]),
      kill: AcceptedKill.nullable(),
    }),
  }),
  "POST /peers/v1/facts": route({
    summary: "From another node of this instance, signed: a kill or lift that it accepted",
    access: "public",
    status: 204,
    body: z.strictObject({ sealed: z.string() }),
  }),
  "GET /api/v1/kills": route({
    summary: "Kills of a project, newest first",
    access: "kill-record",
    query: PageQuery.extend({ project: Key, active: z.stringbool().optional() }),
    response: page(Kill),
  }),
  "GET /api/v1/kills/{kill}": route({
    summary: "One kill and its receipts; a kill token reads only its own",
    access: "kill-record",
    params: z.object({ kill: KillId }),
    /** Null when none were kept. */
    response: Kill.extend({ receipts: KillReceipts.nullable() }),
  }),
  "POST /api/v1/kills/{kill}/lift": route({
    summary: "Lift all or some of a kill's flags",
    access: "kill-record",
    params: z.object({ kill: KillId }),
    body: z.strictObject({
      flags: z.array(Key).min(1).max(1000).optional(),
      environments: z.array(Key).min(1).max(50).optional(),
      /** Required where an environment is protected. */
      reason: z.string().trim().max(1000).default(""),
    }),
    response: z.object({
      kill: Kill,
      /** Flags that other kills still hold down. */
      stillKilledBy: StillKilledBy,
    }),
  }),
  "POST /api/v1/kills/{kill}/break-glass-lift": route({
    summary: "Lift at once as an owner, also without PostgreSQL and without approval; on the record as such",
    access: "kill-lane",
    params: z.object({ kill: KillId }),
    body: NewBreakGlassLift,
    response: AcceptedLift,
  }),
};
