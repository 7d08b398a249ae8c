import type { Signer } from "../../fanout/index.ts";

/** A token holds for the rest of its window and the next one. */
const WINDOW_MS = 30 * 60_000;
const PLACE = "ofrep stream";

/**
 * What the URL of a stream carries, since an `EventSource` sets no header. It names a key, says nothing of its secret,
 * and is good for hearing that something changed. Within a window it stays the same, so that evaluations which have not
 * changed keep their ETag.
 */
export interface StreamTokens {
  of(keyId: string): string;
  /** The id of the key; undefined for a token that is over, or was not signed by this instance. */
  keyOf(token: string): string | undefined;
}

export function createStreamTokens(signer: Signer, now: () => number = Date.now): StreamTokens {
  return {
    of(keyId) {
      const expiresAt = (Math.floor(now() / WINDOW_MS) + 2) * WINDOW_MS;
      return signer.seal(PLACE, `${expiresAt}.${keyId}`);
    },
    keyOf(token) {
      const [expiresAt = "", keyId] = signer.open(PLACE, token)?.split(".") ?? [];
      return now() < Number(expiresAt) ? keyId : undefined;
    },
  };
}
