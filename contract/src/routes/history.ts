import { z } from "zod";
import { route } from "../route.ts";
import { ActorSummary, Id, Key, PageQuery, page, Timestamp } from "../words.ts";
import { KillReceipts } from "./receipts.ts";

/** The closed list of what the record can say was done. */
export const ChangeAction = z.enum([
  "project.created",
  "environment.created",
  "environment.edited",
  "flag.created",
  "flag.edited",
  "flag.targeting.saved",
  "flag.targeting.restored",
  "flag.archived",
  "flag.unarchived",
  "flag.deleted",
  "segment.created",
  "segment.saved",
  "segment.deleted",
  "attribute.saved",
  "attribute.deleted",
  "key.created",
  "key.revoked",
  "member.invited",
  "member.invitation-revoked",
  "member.joined",
  "member.role-changed",
  "member.removed",
  "kill.accepted",
  "kill.lifted",
  "kill.lifted-as-break-glass",
  "kill.lifted-on-resolve",
  "kill.expired",
  "kill.restored",
]);
export type ChangeAction = z.infer<typeof ChangeAction>;

/** One committed edit. */
export const Change = z
  .object({
    id: z.string(),
    /** Counts the project's changes from 1, without gaps. */
    sequence: z.number().int(),
    at: Timestamp,
    actor: ActorSummary,
    action: ChangeAction,
    subject: z.object({ kind: z.string(), key: z.string() }),
    environment: z.string().nullable(),
    /** The environment's revision that this change made, where it made one. */
    revision: z.number().int().nullable(),
    /** The subject's own revision after the change; the one to restore. */
    subjectRevision: z.number().int().nullable(),
    message: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: "Change" });
export type Change = z.infer<typeof Change>;

export const historyRoutes = {
  "GET /api/v1/projects/{project}/changes": route({
    summary: "The project's record, newest first",
    access: "project:read",
    params: z.object({ project: Key }),
    query: PageQuery.extend({
      flag: Key.optional(),
      segment: Key.optional(),
      environment: Key.optional(),
    }),
    response: page(Change),
  }),
  "GET /api/v1/projects/{project}/changes/{change}": route({
    summary: "One change",
    access: "project:read",
    params: z.object({ project: Key, change: Id }),
    response: Change,
  }),
};

/** What the admin UI's stream carries; each says what to read again; only counts come with it. */
export const UiEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("change"),
    project: z.string(),
    change: Change.omit({ before: true, after: true }),
  }),
  z.object({
    type: z.literal("kill"),
    project: z.string(),
    environment: z.string(),
    flags: z.array(z.string()),
    kills: z.array(z.string()),
  }),
  z.object({
    type: z.literal("lift"),
    project: z.string(),
    environment: z.string(),
    flags: z.array(z.string()),
    kills: z.array(z.string()),
  }),
  z.object({
    type: z.literal("connections"),
    project: z.string(),
    environment: z.string(),
    count: z.number().int(),
  }),
  z.object({
    type: z.literal("receipts"),
    project: z.string(),
    kill: z.string(),
    receipts: KillReceipts,
  }),
  z.object({ type: z.literal("heartbeat") }),
]);
export type UiEvent = z.infer<typeof UiEvent>;

export const eventRoutes = {
  "GET /api/v1/events": route({
    summary: "The admin UI's live stream: one for all tabs, permission checked per event",
    access: "signed-in",
    query: z.object({ project: Key }),
    raw: "text/event-stream",
  }),
};
