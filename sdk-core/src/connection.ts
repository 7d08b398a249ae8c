import { Lost, lossOf } from "./answer.ts";
import { type Frames, isFrameName, parseFrame } from "./frames.ts";
import { type Effect, type Event, IDLE, type State, step } from "./machine.ts";
import type { Platform } from "./platform.ts";
import type { Scheduler } from "./scheduler.ts";
import type { RulesetServer } from "./server.ts";
import { createSseParser } from "./sse.ts";
import type { RulesetStore, Source } from "./store.ts";

export interface ConnectionListener {
  /** The server has just confirmed the rules in use, or brought newer ones. */
  contact(source: Source): void;
  /** Contact is lost until further notice. */
  down(): void;
  failed(message: string, refused: boolean): void;
  /** A kill is about to be applied. */
  kill?(frame: Frames["kill"]): void;
}

type Handlers = { readonly [Name in keyof Frames]: (frame: Frames[Name], socket: number) => void };

const REQUEST_DEADLINE_MS = 30_000;

/** Runs the machine: its effects happen here, and what comes of them goes back in as events. */
export class Connection {
  #state: State = IDLE;
  /** The identity whose digest was already repaired once: repairing again would bring the same. */
  #repaired = "";
  /** The newest counter of the kill state; not a number until a stream's first heartbeat told it. */
  #killCounter = Number.NaN;
  readonly #sockets = new Map<number, AbortController>();
  readonly #platform: Platform;
  readonly #scheduler: Scheduler;
  readonly #server: RulesetServer;
  readonly #store: RulesetStore;
  readonly #listener: ConnectionListener;

  constructor(
    platform: Platform,
    scheduler: Scheduler,
    server: RulesetServer,
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
      const { message, loss, refused } = lossOf(error);
      // What an aborted socket still says is the consequence of giving it up, not its cause.
      const isCause = !controller.signal.aborted;
      this.dispatch({ type: "lost", socket, loss });
      if (isCause) this.#listener.failed(message, refused);
    } finally {
      this.#sockets.delete(socket);
      controller.abort();
    }
  }

  async #stream(socket: number, signal: AbortSignal): Promise<void> {
    const { body } = await this.#server.openStream(signal);
    if (!body) throw new Lost("the answer has no body", { kind: "unstreamable" });
    this.#killCounter = Number.NaN;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const parse = createSseParser((name, data) => {
      if (!signal.aborted && isFrameName(name)) this.#handle(name, data, socket);
    });
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) throw new Lost("the stream ended");
      this.dispatch({ type: "bytes", socket });
      parse(decoder.decode(value, { stream: true }));
    }
  }

  async #request(socket: number, signal: AbortSignal, repair: boolean): Promise<void> {
    await this.#server.fetchRuleset(signal, repair);
    if (signal.aborted) return;
    this.dispatch({ type: "fetched", socket });
    this.#listener.contact(repair ? "stream" : "poll");
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
    kill: (frame) => {
      this.#listener.kill?.(frame);
      this.#store.kill(frame.elements);
      this.#killCounter = Math.max(this.#killCounter, frame.kills);
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
