import { expectAnswer } from "./answer.ts";
import { type PolledRuleset, parseFrame } from "./frames.ts";
import type { Platform } from "./platform.ts";
import type { RulesetStore, Source } from "./store.ts";

/** A Lanyard server, as a client reaches it. */
export interface ServerAddress {
  /** Without a trailing slash. */
  url: string;
  headers: Record<string, string>;
}

/** What a client asks of a server: each request says which kills it holds, so that the answer can name those lifted. */
export class RulesetServer {
  readonly #platform: Platform;
  readonly #address: ServerAddress;
  readonly #store: RulesetStore;
  #etag = "";

  constructor(platform: Platform, address: ServerAddress, store: RulesetStore) {
    this.#platform = platform;
    this.#address = address;
    this.#store = store;
  }

  /** Opens the stream from where the store stands. */
  async openStream(signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams();
    if (this.#store.holdsRules) {
      const { epoch, revision } = this.#store.evaluator.ruleset;
      query.set("epoch", String(epoch));
      query.set("revision", String(revision));
    }
    const response = await this.#get("stream", query, { accept: "text/event-stream" }, signal);
    expectAnswer(response, "text/event-stream");
    // The stream may bring a kill and its lift, after which the rules an old tag stands for look unchanged.
    this.#etag = "";
    return response;
  }

  /** Fetches the ruleset into the store, if it changed; to repair, in any case. */
  async fetchRuleset(signal: AbortSignal, repair: boolean): Promise<void> {
    const source: Source = repair ? "stream" : "poll";
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.#etag && !repair) headers["if-none-match"] = this.#etag;
    const response = await this.#get("ruleset", new URLSearchParams(), headers, signal);
    if (response.status === 304) return;
    expectAnswer(response, "application/json");
    const text = await response.text();
    if (signal.aborted) return;
    const ruleset: PolledRuleset = parseFrame("put", text);
    const { lifted = [] } = ruleset;
    this.#store.lift(parseFrame("lift", JSON.stringify({ elements: lifted })).elements);
    this.#store.put(ruleset, source, repair);
    this.#etag = response.headers.get("etag") ?? "";
  }

  #get(
    what: "stream" | "ruleset",
    query: URLSearchParams,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Response> {
    const held = this.#store.kills.heldIds(this.#platform.random);
    if (held.length > 0) query.set("kills", held.join(","));
    return this.#platform.fetch(`${this.#address.url}/sdk/v1/${what}?${query}`, {
      headers: { ...this.#address.headers, ...headers },
      signal,
    });
  }
}
