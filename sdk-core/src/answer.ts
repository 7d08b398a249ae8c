import type { Loss } from "./machine.ts";

/** Why a socket is given up: words for people, and what the machine makes of it. */
export class Lost extends Error {
  readonly loss: Loss;

  constructor(message: string, loss: Loss = { kind: "dropped" }) {
    super(message);
    this.loss = loss;
  }
}

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [401, "the server refused the key (401)"],
  [403, "the key is not allowed here (403)"],
  [404, "there is no Lanyard server at this URL (404)"],
]);

/** Throws `Lost` for every answer but a proper one of the content type. */
export function expectAnswer(response: Response, contentType: string): void {
  const { status, headers } = response;
  const refusal = REFUSALS.get(status);
  if (refusal) throw new Lost(refusal, { kind: "refused" });
  if (status !== 200) {
    const ms = retryAfterMs(headers.get("retry-after"));
    throw new Lost(`the server answered ${status}`, ms === undefined ? undefined : { kind: "paced", ms });
  }
  const actual = headers.get("content-type") ?? "no content type";
  if (!actual.startsWith(contentType)) {
    throw new Lost(`expected ${contentType}, got ${actual}`, { kind: "unstreamable" });
  }
}

/** Seconds or an HTTP date; `undefined` when absent or unreadable. */
function retryAfterMs(header: string | null): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : ms;
}

/** What an error of a request means. Network failures carry the real reason as their cause. */
export function lossOf(error: unknown): { message: string; loss: Loss; refused: boolean } {
  const { cause, message } = error as { cause?: { code?: unknown; message?: unknown }; message?: unknown };
  const loss: Loss = error instanceof Lost ? error.loss : { kind: "dropped" };
  return {
    message: String(cause?.message || cause?.code || message || error),
    loss,
    refused: loss.kind === "refused",
  };
}
