import cluster, { type Worker as Process } from "node:cluster";
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { AggregatorRegistry } from "prom-client";
import { createSender, type FromPrimary, type FromWorker, type Started } from "./message.ts";

/** A worker that ends sooner than this would end again: the next one waits as long. */
const SHORT_LIFE_MS = 1_000;
/** After this the workers are ended, whatever they still do. */
const SHUTDOWN_LIMIT_MS = 9_500;

interface Options {
  count: number;
  log: Logger;
  /** Told once, by the first worker that listens. */
  started(started: Started): void;
}

/** Keeps `count` workers on one port, passes on what one announces to the others, and ends when told to. */
export function runWorkers(options: Options): void {
  new Primary(options);
}

class Primary {
  readonly #options: Options;
  readonly #send = new Map<Process, (message: FromPrimary) => void>();
  readonly #metrics = new AggregatorRegistry();
  #isListening = false;
  #isTold = false;
  #ending = false;
  #exitCode = 0;

  constructor(options: Options) {
    this.#options = options;
    cluster.setupPrimary({ args: ["--group", randomUUID()] });
    for (let worker = 0; worker < options.count; worker += 1) this.#fork();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.#end(0));
  }

  #fork(): void {
    const worker = cluster.fork();
    const startedAt = performance.now();
    this.#send.set(worker, createSender<FromPrimary>(worker.process));
    worker.on("message", (message: FromWorker) => this.#hear(worker, message));
    worker.on("listening", () => {
      this.#isListening = true;
    });
    worker.on("exit", (code, signal) => {
      this.#send.delete(worker);
      this.#gone({ code, signal, lifeMs: performance.now() - startedAt });
    });
  }

  #hear(from: Process, message: FromWorker): void {
    switch (message.type) {
      case "lanyard:announced":
        for (const [worker, send] of this.#send) if (worker !== from) send(message);
        return;
      case "lanyard:metrics-wanted":
        this.#collect(from, message.id);
        return;
      case "lanyard:started":
        if (!this.#isTold) this.#options.started(message.started);
        this.#isTold = true;
        return;
    }
  }

  #collect(asker: Process, id: number): void {
    const answer = (text: string | null) => this.#send.get(asker)?.({ type: "lanyard:metrics", id, text });
    this.#metrics.clusterMetrics().then(answer, (error: unknown) => {
      this.#options.log.warn({ err: error }, "a worker does not say its metrics");
      answer(null);
    });
  }

  #gone({ code, signal, lifeMs }: { code: number | null; signal: string | null; lifeMs: number }): void {
    if (this.#ending) {
      // One that was still starting ends by the signal itself.
      if (code !== 0 && signal !== "SIGTERM") this.#exitCode = 1;
      if (this.#send.size === 0) process.exit(this.#exitCode);
      return;
    }
    // What is wrong before anybody listens is wrong for all, and was said by the one that ended.
    if (!this.#isListening) {
      this.#end(code ?? 1);
      return;
    }
    this.#options.log.error({ code, signal }, "a worker ended; another takes its place");
    if (lifeMs > SHORT_LIFE_MS) this.#fork();
    else setTimeout(() => this.#ending || this.#fork(), SHORT_LIFE_MS);
  }

  #end(exitCode: number): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#exitCode = exitCode;
    const signalAll = (signal: NodeJS.Signals) => {
      for (const { process: worker } of this.#send.keys()) worker.kill(signal);
    };
    signalAll("SIGTERM");
    if (this.#send.size === 0) process.exit(exitCode);
    setTimeout(() => {
      signalAll("SIGKILL");
      process.exit(1);
    }, SHUTDOWN_LIMIT_MS).unref();
  }
}
