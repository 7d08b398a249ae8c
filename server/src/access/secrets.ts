import { createHash, randomBytes } from "node:crypto";

/** Prefixes tell a reader, and a secret scanner, what leaked. */
export const KEY_PREFIX = {
  server: "lyd_srv_",
  client: "lyd_cli_",
  management: "lyd_mgt_",
  kill: "lyd_kill_",
} as const;

/** Of the secret that a customer's backend signs contexts with. */
export const SIGNING_PREFIX = "lyd_sign_";

/** 256 random bits behind a readable prefix. */
export function newSecret(prefix: string): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** For what is only compared and has 256 random bits: a fast hash is enough. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
