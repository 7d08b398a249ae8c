import { z } from "zod";
import { route } from "../route.ts";
import { Key, Timestamp } from "../words.ts";

/** Whether the numbers are of every node, or of the one that answers, which cannot hear the others now. */
export const Scope = z.enum(["all-nodes", "this-node"]);

const Milliseconds = z.number().int().min(0);

/** What was wrong with what a server sent, as an instance counted it since it started; absent where there was none. */
const faults = {
  /** Frames and answers that were damaged, too long or of a newer format, and were refused whole. */
  refusedFrames: z.number().int().min(0).optional(),
  /** How often its rules were found to differ from the server's, and were fetched again. */
  mismatches: z.number().int().min(0).optional(),
};

/** What an SDK posts: that it is there, and the kills that took effect in it. */
export const SdkReceipt = z
  .strictObject({
    app: z.string().min(1).max(100).optional(),
    host: z.string().min(1).max(255).optional(),
    epoch: z.number().int().min(0),
    revision: z.number().int().min(0),
    kills: z
      .array(
        z.strictObject({
          id: z.string().min(1).max(64),
          heldMs: Milliseconds.max(86_400_000),
          /** How many flags it holds down by that id; absent from who does not count: all of them, as far as it was told. */
          flags: z.number().int().min(0).optional(),
        }),
      )
      .max(200),
    ...faults,
    /** Its last word: it is waited for no longer. */
    leaving: z.literal(true).optional(),
  })
  .meta({ id: "SdkReceipt" });
export type SdkReceipt = z.infer<typeof SdkReceipt>;

/** From the kill's acceptance to its effect, by the servers' clocks; null while nobody has confirmed. */
const latency = { p50Ms: Milliseconds.nullable(), p99Ms: Milliseconds.nullable() };

export const KillReceipts = z
  .object({
    /** Instances that were there in the two minutes before the kill and have not left since. */
    seen: z.number().int(),
    confirmed: z.number().int(),
    /** When what they confirm was accepted: the kill, or the flags that it has grown by since. */
    since: Timestamp,
    ...latency,
    /** Those that have not confirmed, at most 20 of them. Empty for a sample, in which nobody can be missed. */
    stragglers: z.array(
      z.object({
        instance: z.string(),
        environment: z.string(),
        app: z.string().nullable(),
        host: z.string().nullable(),
        /** Not heard of for so long that it may be gone. */
        stale: z.boolean(),
      }),
    ),
    /** Too many instances to ask each: `confirmed` is of a sample. */
    sampled: z.boolean(),
    /** Pages, of which a sample confirms; null when none did. */
    browsers: z.object({ confirmed: z.number().int(), ...latency }).nullable(),
    scope: Scope,
  })
  .meta({ id: "KillReceipts" });
export type KillReceipts = z.infer<typeof KillReceipts>;

export const Instance = z
  .object({
    id: z.string(),
    app: z.string().nullable(),
    host: z.string().nullable(),
    /** Name and version, such as `node/1.2.0`. */
    sdk: z.string().nullable(),
    epoch: z.number().int(),
    revision: z.number().int(),
    ...faults,
    seenAt: Timestamp,
    /** `behind`: its newest word was of an older revision. `stale`: not heard of for a minute. */
    state: z.enum(["current", "behind", "stale"]),
  })
  .meta({ id: "Instance" });
export type Instance = z.infer<typeof Instance>;

export const Drill = z
  .object({
    at: Timestamp,
    /**
     * `late`: the 99th percentile took more than 1.5 s. `missing`: not everybody confirmed. `nobody`: no instance was there
     * to confirm.
     */
    outcome: z.enum(["confirmed", "late", "missing", "nobody"]),
    receipts: KillReceipts,
  })
  .meta({ id: "Drill" });
export type Drill = z.infer<typeof Drill>;

export const receiptRoutes = {
  "GET /api/v1/projects/{project}/environments/{environment}/instances": route({
    summary: "Running SDK instances and the revision that each holds; those that need a look first",
    access: "project:read",
    params: z.object({ project: Key, environment: Key }),
    response: z.object({
      epoch: z.number().int(),
      revision: z.number().int(),
      counts: z.object({ current: z.number().int(), behind: z.number().int(), stale: z.number().int() }),
      /** At most 500. */
      items: z.array(Instance),
      /** SDK streams of the environment on this node, pages included. */
      streams: z.number().int(),
      scope: Scope,
      /** The newest drill; null when there was none. */
      drill: Drill.nullable(),
    }),
  }),
  "POST /api/v1/projects/{project}/environments/{environment}/drill": route({
    summary: "Try the kill lane now: kills a flag that does not exist, and answers who confirmed",
    access: "kill",
    params: z.object({ project: Key, environment: Key }),
    response: Drill,
  }),
};
