import { z } from "zod";
import { route } from "../route.ts";
import { Id, Key, Name, Role, Timestamp } from "../words.ts";

const Origin = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .or(z.literal("*"));

/** How long-lived a signed context may be, from `iat` to `exp`. */
export const SIGNED_CONTEXT_SECONDS_MAX = 15 * 60;

const TokenAudience = z.string().min(1).max(200);

/** How a client key verifies what the customer's backend signs about its users; fixed when the key is made. */
export const Verification = z
  .object({
    algorithm: z.enum(["HS256", "EdDSA"]),
    /** What the tokens' `aud` must name. */
    audience: TokenAudience,
    /** Of EdDSA; an HS256 secret is never shown again. */
    publicKey: z.string().optional(),
  })
  .meta({ id: "Verification" });
export type Verification = z.infer<typeof Verification>;

const NewVerification = z.discriminatedUnion("algorithm", [
  /** The secret is made here, and shown in the answer only. */
  z.strictObject({ algorithm: z.literal("HS256"), audience: TokenAudience }),
  /** An Ed25519 public key, SPKI in PEM. */
  z.strictObject({
    algorithm: z.literal("EdDSA"),
    audience: TokenAudience,
    publicKey: z.string().min(1).max(1_000),
  }),
]);

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
    verification: Verification.optional(),
    /** Of a kill token whose trigger URLs lift the kill of an episode that is resolved. */
    liftsOnResolve: z.boolean().optional(),
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
    /** Absent: every user is the anonymous visitor. */
    verification: NewVerification.optional(),
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
    /** Whether a resolved alert lifts the kill of its own episode; fixed when the token is made. */
    liftsOnResolve: z.boolean().optional(),
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
    summary: "Make a key or token; `secret` and `signingSecret` are shown in this answer only",
    access: "key:manage",
    status: 201,
    params: z.object({ project: Key }),
    body: NewKey,
    response: ApiKey.extend({
      secret: z.string(),
      /** What the customer's backend signs contexts with; of a client key that verifies by HS256. */
      signingSecret: z.string().optional(),
    }),
  }),
  "DELETE /api/v1/projects/{project}/keys/{key}": route({
    summary: "Revoke; it stops working within 1.5 s on every node, streams included",
    access: "key:manage",
    status: 204,
    params: z.object({ project: Key, key: Id }),
  }),
};
