import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { SIGNED_CONTEXT_SECONDS_MAX } from "@lanyard/contract";
import type { Context } from "@lanyard/evaluation";
import { errors, type JWTPayload, jwtVerify } from "jose";
import type { StoredVerification } from "../database/schema/index.ts";
import { AppError } from "../errors.ts";
import type { SdkActor } from "./actor.ts";
import type { Vault } from "./vault.ts";

const TOKEN_CHARACTERS = 8_000;
/** How far the clock of the customer's backend may be off. */
const LEEWAY_SECONDS = 60;

/** What the customer's backend says about a browser's user. */
export interface SignedContext {
  verified: Context;
  /** Milliseconds of the epoch after which it is believed no more, leeway included. */
  believedUntil: number;
}

/** Where a key's secret belongs in the vault. */
export function signingPlace(keyId: string): string {
  return `client key ${keyId}`;
}

/**
 * Verifies the JWT that a page presents with its client key. Throws `context-expired`, which a fresh one cures, or
 * `context-refused`, which none does; any other error is this server's. The algorithm is the key's, whatever the token says.
 */
export async function verifyContext(
  { id, verification }: Pick<SdkActor, "id" | "verification">,
  token: string,
  vault: Vault,
): Promise<SignedContext> {
  if (!verification) throw refused("this key verifies no signed contexts");
  if (token.length > TOKEN_CHARACTERS) throw refused(`it has more than ${TOKEN_CHARACTERS} characters`);
  const { algorithm, audience } = verification;
  const key = keyOf(id, verification, vault);
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      audience,
      clockTolerance: LEEWAY_SECONDS,
      requiredClaims: ["aud", "exp", "iat"],
    });
    return believed(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw new AppError(
        "context-expired",
        "The signed context has expired; ask your backend for a new one.",
      );
    if (error instanceof errors.JOSEError) throw refused(wordsOf(error, audience));
    throw error;
  }
}

/** The public key of a PEM, if Ed25519 can verify with it. */
export function isEd25519PublicKey(pem: string): boolean {
  try {
    return !pem.includes("PRIVATE") && createPublicKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}

function keyOf(id: string, verification: StoredVerification, vault: Vault): KeyObject {
  if (verification.algorithm === "EdDSA") return createPublicKey(verification.publicKey);
  const secret = vault.open(signingPlace(id), verification.sealedSecret);
  // For the log: what is wrong here no page can change, nor should it learn of it.
  if (secret === undefined)
    throw new Error(`The secret of ${id} was sealed under another LANYARD_SECRET; make the client key anew.`);
  return createSecretKey(secret, "utf8");
}

function believed({ exp = 0, iat = 0, context }: JWTPayload): SignedContext {
  if (exp - iat > SIGNED_CONTEXT_SECONDS_MAX)
    throw refused(`it lives longer than ${SIGNED_CONTEXT_SECONDS_MAX / 60} minutes, from iat to exp`);
  if (iat * 1_000 > Date.now() + LEEWAY_SECONDS * 1_000) throw refused("its iat lies in the future");
  if (typeof context !== "object" || context === null || Array.isArray(context))
    throw refused('its claim "context" is no object of targetingKey and attributes');
  return { verified: context as Context, believedUntil: (exp + LEEWAY_SECONDS) * 1_000 };
}

function wordsOf(error: errors.JOSEError, audience: string): string {
  if (error instanceof errors.JOSEAlgNotAllowed) return "its algorithm is not the key's";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "its signature is not the key's";
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === "aud"
      ? `its aud does not name ${JSON.stringify(audience)}`
      : `its claim "${error.claim}" is missing or wrong`;
  return "it is no JWT in compact form";
}

function refused(why: string): AppError {
  return new AppError("context-refused", `The signed context is not believed: ${why}.`);
}
