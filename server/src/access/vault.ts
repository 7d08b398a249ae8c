import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Secrets that must be read again, at rest: AES-256-GCM under keys derived from the instance's secret. */
export interface Vault {
  /** `place` is bound in: what was sealed for one place opens in no other. */
  seal(place: string, secret: string): string;
  /** Undefined when it was sealed by another instance, for another place, or altered. */
  open(place: string, sealed: string): string | undefined;
}

/** The previous secret still opens what it sealed, while it is rotated. */
export function createVault(secrets: { current: string; previous?: string | undefined }): Vault {
  const keyOf = (secret: string) => Buffer.from(hkdfSync("sha256", secret, "", "lanyard vault", 32));
  const current = keyOf(secrets.current);
  const keys = secrets.previous === undefined ? [current] : [current, keyOf(secrets.previous)];
  return {
    seal(place, secret) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current, iv).setAAD(Buffer.from(place));
      const parts = [iv, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(parts).toString("base64url");
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
      for (const key of keys) {
        const opened = tryOpen(key, place, bytes);
        if (opened !== undefined) return opened;
      }
      return undefined;
    },
  };
}

function tryOpen(key: Buffer, place: string, bytes: Buffer): string | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
