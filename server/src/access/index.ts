export * from "./actor.ts";
export { type Attempts, createAttempts } from "./attempts.ts";
export { authoriseProject, type ProjectRef } from "./authorise.ts";
export { bearerOf, createGuard, type Guard, sessionCookieName } from "./guard.ts";
export { createKeyIndex, type KeyIndex, type KeyRecord } from "./key-index.ts";
export { createKillPasses, KILL_PASS_SECONDS, type KillPasses, type KnownAccess } from "./kill-pass.ts";
export { networkOf } from "./network.ts";
export { createPasswords, type Passwords } from "./passwords.ts";
export { hashSecret, KEY_PREFIX, newSecret, SIGNING_PREFIX } from "./secrets.ts";
export { createSessions, type RememberedSession, SESSION_SECONDS, type Sessions } from "./sessions.ts";
export {
  isEd25519PublicKey,
  type SignedContext,
  signingPlace,
  verifyContext,
} from "./signed-context.ts";
export { createVault, type Vault } from "./vault.ts";
