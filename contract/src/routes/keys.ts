import { z } from "zod";
import { route } from "../route.ts";
import { Id, Key, Name, Role, Timestamp } from "../words.ts";

const Origin = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .or(z.literal("*"));

/** Server and client keys belong to one environment; management and kill tokens to a project and some environments. */
export const ApiKey = z
  .object({
    id: z.string(),
    kind: z.enum(["server", "client", "management", "kill"]),
    name: z.string(),
    /** Environment keys; empty means every one of the project (tokens only). */
    environments: z.array(z.string()),
    /** The readable beginning, enough to recognise it. */
    hint: z.string(),
    /** The whole key; present only for client keys, which are public. */
    value: z.string().optional(),
    role: Role.optional(),
    origins: z.array(z.string()).optional(),
    createdAt: Timestamp,
    createdBy: z.string(),
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

const Expiry = Timestamp.nullable().default(null);

export const NewKey = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("server"), name: Name, environment: Key, expiresAt: Expiry }),
  z.strictObject({
    kind: z.literal("client"),
    name: Name,
    environment: Key,
    /** Exact origins that may use it, or `*`. */
    origins: z.array(Origin).min(1).max(50),
    expiresAt: Expiry,
  }),
  z.strictObject({
    kind: z.literal("management"),
    name: Name,
    environments: z.array(Key).max(50).default([]),
    role: Role.exclude(["owner"]),
    expiresAt: Expiry,
  }),
  z.strictObject({
    kind: z.literal("kill"),
    name: Name,
    environments: z.array(Key).max(50).default([]),
    expiresAt: Expiry,
  }),
]);
export type NewKey = z.infer<typeof NewKey>;

export const keyRoutes = {
  "GET /api/v1/projects/{project}/keys": route({
    summary: "Keys and tokens, newest first; secrets are never shown again",
    access: "project:read",
    params: z.object({ project: Key }),
    response: z.object({ items: z.array(ApiKey) }),
  }),
  "POST /api/v1/projects/{project}/keys": route({
    summary: "Make a key or token; `secret` is shown in this answer only",
    access: "key:manage",
    status: 201,
    params: z.object({ project: Key }),
    body: NewKey,
    response: ApiKey.extend({ secret: z.string() }),
  }),
  "DELETE /api/v1/projects/{project}/keys/{key}": route({
    summary: "Revoke; it stops working within 1.5 s on every node, streams included",
    access: "key:manage",
    status: 204,
    params: z.object({ project: Key, key: Id }),
  }),
};
