import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "../../errors.ts";
import type { Fact, Signer } from "../../fanout/index.ts";
import { within } from "./within.ts";

/** Where a message was sealed for: worth nothing in a channel of Redis. */
const PLACE = "peers";
/** Where the length of a message is signed, ahead of it. */
const LENGTH_PLACE = "peers length";
/** Whoever kills waits no longer for a peer's word. */
const DEADLINE_MS = 250;
/** A busy peer is told all the same: nobody tells it again while PostgreSQL and Redis are away. */
const SEND_LIMIT_MS = 10_000;

/** Nodes named in the configuration, told directly: for when neither PostgreSQL nor Redis carries a word. */
export interface Peers {
  /** Resolves to whether every peer has taken it; undefined when none is named. Never rejects. */
  tell(fact: Fact): Promise<boolean | undefined>;
  /** Whether a node of this instance says that it sends a message of that length. */
  sends(headers: IncomingHttpHeaders): boolean;
  /** What a peer sent; throws unless it was signed with this instance's secret. */
  open(sealed: string): Fact;
}

export function createPeers(urls: readonly URL[], signer: Signer): Peers {
  const send = async (url: URL, body: Buffer) => {
    const length = signer.seal(LENGTH_PLACE, String(body.length));
    const response = await fetch(new URL("/peers/v1/facts", url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${length}` },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(SEND_LIMIT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  };
  return {
    async tell(fact) {
      if (urls.length === 0) return undefined;
      const sealed = signer.seal(PLACE, JSON.stringify(fact));
      const body = Buffer.from(JSON.stringify({ sealed }));
      const taken = await Promise.all(
        urls.map((url) => within(DEADLINE_MS, send(url, body)).catch(() => false)),
      );
      return taken.every(Boolean);
    },
    sends(headers) {
      const length = headers["content-length"];
      const sealed = headers.authorization?.replace(/^Bearer /, "") ?? "";
      return length !== undefined && signer.open(LENGTH_PLACE, sealed) === length;
    },
    open(sealed) {
      const text = signer.open(PLACE, sealed);
      if (text === undefined)
        throw new AppError("forbidden", "This was not signed by a node of this instance.");
      return JSON.parse(text) as Fact;
    },
  };
}
