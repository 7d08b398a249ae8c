import { z } from "zod";
import { route } from "../route.ts";
import { ActorSummary, Key, Tag, Timestamp } from "../words.ts";
import { Project } from "./projects.ts";
import { KillReceipts, Scope } from "./receipts.ts";

/** A kill in force as one node's memory has it: who made it and why is known while it waits for PostgreSQL. */
export const KnownKill = z
  .object({
    id: z.string(),
    reason: z.string().nullable(),
    by: ActorSummary.nullable(),
    at: Timestamp,
    expiresAt: Timestamp.nullable(),
    elements: z.array(z.object({ environment: z.string(), flag: z.string(), at: Timestamp })),
    /** Null when nothing of them is kept here. */
    receipts: KillReceipts.nullable(),
  })
  .meta({ id: "KnownKill" });
export type KnownKill = z.infer<typeof KnownKill>;

export const KillPage = z
  .object({
    account: z.object({ id: z.string(), name: z.string() }),
    /** Whether PostgreSQL answers this node; while it does not, only the kill lane works. */
    databaseUp: z.boolean(),
    projects: z.array(Project),
  })
  .meta({ id: "KillPage" });
export type KillPage = z.infer<typeof KillPage>;

export const ProjectKillPage = z
  .object({
    /** The first that match, by key. */
    flags: z.array(z.object({ key: z.string(), name: z.string() })),
    tags: z.array(Tag),
    owners: z.array(z.string()),
    /** Newest first. */
    kills: z.array(KnownKill),
    /**
     * Kills that instances hold and that are on no record, since the server that accepted them was lost. An owner lifts them
     * as break-glass, naming the flags. Of an environment at most 200 that servers hold and 20 that only browsers do.
     */
    unrecorded: z.array(
      z.object({
        id: z.string(),
        environment: z.string(),
        /** Open streams with server keys. */
        instances: z.number().int(),
        /** Open streams with client keys, which are public: these can be made up. */
        browsers: z.number().int(),
      }),
    ),
    /** Of what `unrecorded` counts. */
    scope: Scope,
  })
  .meta({ id: "ProjectKillPage" });
export type ProjectKillPage = z.infer<typeof ProjectKillPage>;

export const killPageRoutes = {
  "GET /api/v1/kill-page": route({
    summary:
      "From memory, also without PostgreSQL: who asks, where they may do what, whether PostgreSQL answers",
    access: "kill-lane",
    response: KillPage,
  }),
  "GET /api/v1/kill-page/{project}": route({
    summary: "From memory, also without PostgreSQL: what can be killed in a project, and what is",
    access: "kill-lane",
    params: z.object({ project: Key }),
    /** Part of a flag's key or name. */
    query: z.object({ search: z.string().max(200).optional() }),
    response: ProjectKillPage,
  }),
};
