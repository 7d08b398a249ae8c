import { describe, expectAnswer, Lost } from "./answer.ts";
import { type Frames, isFrameName, type PolledRuleset, parseFrame } from "./frames.ts";
import { type Effect, type Event, IDLE, type State, step } from "./machine.ts";
import type { Platform } from "./platform.ts";
import type { Scheduler } from "./scheduler.ts";
import { createSseParser } from "./sse.ts";
import type { RulesetStore, Source } from "./store.ts";

/** A Lanyard server, as a client reaches it. */
export interface ServerAddress {
  /** Without a trailing slash. */
  url: string;
  headers: Record<string, string>;
}

export interface ConnectionListener {
  /** The server has just confirmed the rules in use, or brought newer ones. */
  contact(source: Source): void;
  /** Contact is lost until further notice. */
  down(): void;
  failed(message: string, refused: boolean): void;
}

type Handlers = { readonly [Name in keyof Frames]: (frame: Frames[Name], socket: number) => void };

const REQUEST_DEADLINE_MS = 30_000;

/** Runs the machine: its effects happen here, and what comes of them goes back in as events. */
export class Connection {
  #state: State = IDLE;
  #etag = "";
  /** The identity whose digest was already repaired once: repairing again would bring the same. */
  #repaired = "";
  /** The newest counter of the kill state; not a number until a stream's first heartbeat told it. */
  #killCounter = Number.NaN;
  readonly #sockets = new Map<number, AbortController>();
  readonly #platform: Platform;
  readonly #scheduler: Scheduler;
  readonly #server: ServerAddress;
  readonly #store: RulesetStore;
  readonly #listener: ConnectionListener;

  constructor(
    platform: Platform,
    scheduler: Scheduler,
    server: ServerAddress,
    store: RulesetStore,
    listener: ConnectionListener,
  ) {
    this.#platform = platform;
    this.#scheduler = scheduler;
    this.#server = server;
    this.#store = store;
    this.#listener = listener;
  }

  /** `hurry` ends a wait early: the network came back, or somebody looks at the page. */
  dispatch(event: Event): void {
    const { state, effects } = step(this.#state, event, this.#platform.random());
    this.#state = state;
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case "timer":
        if (effect.ms === undefined) this.#scheduler.clear("connection");
        else this.#scheduler.set("connection", effect.ms, () => this.#wake());
        break;
      case "abort":
        this.#sockets.get(effect.socket)?.abort();
        break;
      case "down":
        this.#listener.down();
        break;
      case "stream":
        void this.#socket(effect.socket, (signal) => this.#stream(effect.socket, signal));
        break;
      case "fetch":
        this.#fetch(effect);
        break;
    }
  }

  #wake(): void {
    const isQuiet = this.#state.phase !== "waiting";
    this.dispatch({ type: "wake" });
    if (isQuiet) this.#listener.failed("the server has gone quiet", false);
  }

  #fetch({ socket, delayMs, repair }: Extract<Effect, { type: "fetch" }>): void {
    if (!repair) {
      void this.#socket(socket, (signal) => this.#request(socket, signal, false));
      return;
    }
    // Whoever has nothing yet does not wait for others' sake.
    this.#scheduler.set("repair", this.#store.holdsRules ? delayMs : 0, () => {
      if (this.#state.phase !== "streaming" || this.#state.repair !== socket) return;
      this.#scheduler.set("repair", REQUEST_DEADLINE_MS, () => this.#sockets.get(socket)?.abort());
      void this.#socket(socket, (signal) => this.#request(socket, signal, true));
    });
  }

  /** Runs one socket to its end; however it ends, the machine hears of it. */
  async #socket(socket: number, use: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.#sockets.set(socket, controller);
    try {
      await use(controller.signal);
    } catch (error) {
      const loss = error instanceof Lost ? error.loss : ({ kind: "dropped" } as const);
      // What an aborted socket still says is the consequence of giving it up, not its cause.
      const isCause = !controller.signal.aborted;
      this.dispatch({ type: "lost", socket, loss });
      if (isCause) this.#listener.failed(describe(error), loss.kind === "refused");
    } finally {
      this.#sockets.delete(socket);
      controller.abort();
    }
  }

  async #stream(socket: number, signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams();
    if (this.#store.holdsRules) {
      const { epoch, revision } = this.#store.evaluator.ruleset;
      query.set("epoch", String(epoch));
      query.set("revision", String(revision));
    }
    const response = await this.#get("stream", query, { accept: "text/event-stream" }, signal);
    expectAnswer(response, "text/event-stream");
    if (!response.body) throw new Lost("the answer has no body", { kind: "unstreamable" });
    this.#killCounter = Number.NaN;
    // The stream may bring a kill and its lift, after which the rules an old tag stands for look unchanged.
    this.#etag = "";
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const parse = createSseParser((name, data) => {
      if (!signal.aborted && isFrameName(name)) this.#handle(name, data, socket);
    });
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) throw new Lost("the stream ended");
      this.dispatch({ type: "bytes", socket });
      parse(decoder.decode(value, { stream: true }));
    }
  }

  async #request(socket: number, signal: AbortSignal, repair: boolean): Promise<void> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.#etag && !repair) headers["if-none-match"] = this.#etag;
    const response = await this.#get("ruleset", new URLSearchParams(), headers, signal);
    if (response.status !== 304) {
      expectAnswer(response, "application/json");
      const text = await response.text();
      if (signal.aborted) return;
      const ruleset: PolledRuleset = parseFrame("put", text);
      if (ruleset.lifted)
        this.#store.lift(parseFrame("lift", JSON.stringify({ elements: ruleset.lifted })).elements);
      this.#store.put(ruleset, repair ? "stream" : "poll", repair);
      this.#etag = response.headers.get("etag") ?? "";
    }
    this.dispatch({ type: "fetched", socket });
    this.#listener.contact(repair ? "stream" : "poll");
  }

  #get(
    what: "stream" | "ruleset",
    query: URLSearchParams,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Response> {
    const held = this.#store.kills.heldIds(this.#platform.random);
    if (held.length > 0) query.set("kills", held.join(","));
    return this.#platform.fetch(`${this.#server.url}/sdk/v1/${what}?${query}`, {
      headers: { ...this.#server.headers, ...headers },
      signal,
    });
  }

  #handle<Name extends keyof Frames>(name: Name, data: string, socket: number): void {
    this.#handlers[name](parseFrame(name, data), socket);
  }

  readonly #handlers: Handlers = {
    put: (ruleset) => {
      this.#store.put(ruleset, "stream");
      this.#listener.contact("stream");
    },
    patch: (patch) => {
      if (this.#store.patch(patch) === "gap") this.#behind("a patch is missing");
      else this.#listener.contact("stream");
    },
    kill: ({ elements, kills }) => {
      this.#store.kill(elements);
      this.#killCounter = Math.max(this.#killCounter, kills);
    },
    lift: ({ elements, kills }) => {
      this.#store.lift(elements);
      this.#killCounter = Math.max(this.#killCounter, kills);
    },
    heartbeat: (beat, socket) => this.#beat(beat, socket),
    reload: ({ epoch, revision }, socket) => {
      const held = this.#store.evaluator.ruleset;
      if (epoch !== held.epoch || revision > held.revision) this.dispatch({ type: "damaged", socket });
    },
    goodbye: ({ reconnectInMs: ms }, socket) =>
      this.dispatch({ type: "lost", socket, loss: { kind: "paced", ms } }),
  };

  #beat({ epoch, revision, kills, digest }: Frames["heartbeat"], socket: number): void {
    this.dispatch({ type: "beat", socket });
    if (kills > this.#killCounter) throw new Lost("a kill or a lift is missing");
    this.#killCounter = Math.max(this.#killCounter || 0, kills);
    const { ruleset } = this.#store.evaluator;
    if (!this.#store.holdsRules || epoch !== ruleset.epoch || revision > ruleset.revision) {
      this.#behind("a change is missing");
      return;
    }
    const identity = `${epoch}:${revision}`;
    const comparable = revision === ruleset.revision && this.#repaired !== identity;
    if (comparable && digest !== this.#store.evaluator.digest()) {
      this.#repaired = identity;
      this.#listener.failed("the rules held differ from the server's", false);
      this.dispatch({ type: "damaged", socket });
    }
    this.#listener.contact("stream");
  }

  /** A repair under way brings what is missing; else a new connection does. */
  #behind(message: string): void {
    if (this.#state.phase === "streaming" && this.#state.repair) return;
    throw new Lost(message);
  }
}
