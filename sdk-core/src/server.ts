import { parseFrame, type Rules } from "./frames.ts";
import type { Loss } from "./machine.ts";
import type { Platform } from "./platform.ts";
import type { Store } from "./store.ts";

/** A Lanyard server, as a client reaches it. */
export interface ServerAddress {
  /** Without a trailing slash. */
  url: string;
  headers: Record<string, string>;
  /** What goes with requests for rules only. `anew`: the last of them was refused. */
  proof?: ((anew: boolean) => Promise<Record<string, string>>) | undefined;
}

/** What a client asks of a server: each request says which kills it holds, so that the answer can name those lifted. */
export interface Server {
  /** Opens the stream from where the store stands. */
  stream(signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>>;
  /** `undefined` when they are unchanged; `anyway` asks for them in any case. */
  rules(signal: AbortSignal, anyway?: boolean): Promise<Rules | undefined>;
  /** Whether it has arrived, or can never be accepted; `keepalive` outlives the page. */
  post(path: string, body: object, keepalive: boolean): Promise<boolean>;
  /** What is under way, and all that is still posted, has a moment together from now on. */
  close(): void;
}

const POST_DEADLINE_MS = 10_000;
const LAST_POSTS_MS = 2_000;
/** Ids sent to a server at once: a request line has to stay short. */
const MAX_HELD_IDS = 200;
const MAX_DETAIL_CHARS = 500;
const EVENTS = "text/event-stream";
/** Answers that stay the same until somebody acts. */
export const REFUSALS: readonly unknown[] = [401, 403, 404];

/** Why an attempt is over: words for people, and what the machine makes of it. */
export const lost = (message: string, loss: Loss = "dropped", status?: number): Error =>
  Object.assign(new Error(message), { loss, status });

/** What an error of a request means. Network failures carry the real reason as their cause. */
export function lossOf(error: unknown): { message: string; loss: Loss; status?: number | undefined } {
  const { cause = error, loss = "dropped", status } = Object(error) as Partial<Lost>;
  const { message, code } = Object(cause) as { message?: string; code?: string };
  return { message: String(message || code || error), loss, status };
}
type Lost = Error & { loss: Loss; status: number };

export function createServer(platform: Platform, address: ServerAddress, store: Store): Server {
  const { url, headers, proof } = address;
  const posts = new Set<AbortController>();
  let etag = "";
  let isRefused = false;
  let isClosed = false;

  async function get(path: string, accept: string, signal: AbortSignal): Promise<Response | undefined> {
    const wasRefused = isRefused;
    const proven = await proof?.(wasRefused);
    const kills = encodeURIComponent(heldIds(store, platform.random()).join());
    const response = await platform.fetch(`${url}/sdk/v1/${path}${kills && `&kills=${kills}`}`, {
      headers: { ...headers, accept, ...(etag && { "if-none-match": etag }), ...proven },
      signal,
    });
    const { status } = response;
    isRefused = REFUSALS.includes(status);
    if (status === 304) return undefined;
    if (status !== 200) {
      // By a page's clock that is slow a proof may look good that is not: the next one is worth a try at once.
      const isLasting = isRefused && (wasRefused || !proof);
      // A server that has no place for another stream still answers who polls.
      const isFull = status === 429 && accept === EVENTS;
      const loss = isFull ? "unstreamable" : isLasting ? "refused" : paceOf(response);
      throw lost(`the server answered ${status}${await detailOf(response)}`, loss, status);
    }
    const type = response.headers.get("content-type");
    if (!type?.startsWith(accept)) throw lost(`got ${type}: is this a Lanyard server?`, "unstreamable");
    return response;
  }

  return {
    async stream(signal) {
      const { epoch, revision } = store.evaluator.ruleset;
      const held = store.source === "none" ? "" : `epoch=${epoch}&revision=${revision}`;
      // The stream may bring a kill and its lift, after which the rules an old tag stands for look unchanged.
      etag = "";
      const response = await get(`stream?${held}`, EVENTS, signal);
      if (!response?.body) throw lost("the stream has no body", "unstreamable");
      return response.body.getReader();
    },
    async rules(signal, anyway) {
      if (anyway) etag = "";
      const response = await get("ruleset?", "application/json", signal);
      if (!response) return undefined;
      const rules = parseFrame("put", await response.text());
      // Of what nobody waits for any more, nothing is remembered.
      if (!signal.aborted) etag = response.headers.get("etag") ?? "";
      return rules;
    },
    async post(path, body, keepalive) {
      if (isClosed) return false;
      const post = new AbortController();
      posts.add(post);
      after(POST_DEADLINE_MS, () => post.abort());
      try {
        const response = await platform.fetch(`${url}/sdk/v1/${path}`, {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(body),
          keepalive,
          signal: post.signal,
        });
        await response.body?.cancel();
        return response.ok || [400, 413].includes(response.status);
      } finally {
        posts.delete(post);
      }
    },
    close() {
      after(LAST_POSTS_MS, () => {
        isClosed = true;
        for (const post of posts) post.abort();
      });
    },
  };
}

/** What the server says is wrong: it comes with the first bytes, since it is short, or not at all. */
async function detailOf({ body }: Response): Promise<string> {
  try {
    const first = await body?.getReader().read();
    const { detail } = (await new Response(first?.value).json()) as { detail: string };
    return `: ${detail.slice(0, MAX_DETAIL_CHARS)}`;
  } catch {
    return "";
  }
}

/** Also where a client has no timers; holds no process. */
function after(delayMs: number, task: () => void): void {
  AbortSignal.timeout(delayMs).onabort = task;
}

/** Beyond the limit a different part each time, so that each gets its turn. */
export function heldIds({ kills }: Pick<Store, "kills">, draw: number): string[] {
  const ids = kills.active().map(({ id }) => id);
  return [...new Set([...ids.slice(draw * ids.length), ...ids])].slice(0, MAX_HELD_IDS);
}

/** What the server asks to wait, in seconds or until a date; without it it is a connection like any that dropped. */
function paceOf({ headers }: Response): Loss {
  const after = `${headers.get("retry-after")}`;
  const seconds = Number.parseFloat(after);
  const waitMs = seconds >= 0 ? seconds * 1_000 : Date.parse(after) - Date.now();
  return waitMs >= 0 ? waitMs : "dropped";
}
