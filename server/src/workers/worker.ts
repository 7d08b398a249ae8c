import { AggregatorRegistry, Gauge, register } from "prom-client";
import type { Siblings } from "../fanout/index.ts";
import { createSender, type FromPrimary, type FromWorker, type Started } from "./message.ts";

/** This process as one of several on one port. */
export interface Worker {
  siblings: Siblings;
  /** Of all workers together, since a scrape reaches any one of them; its own when not all answer. */
  metrics(): Promise<string>;
  /** To be told once it takes connections. */
  started(started: Started): void;
}

/** A primary gives its workers five seconds to say theirs; one that says nothing by then hangs itself. */
const METRICS_LIMIT_MS = 6_000;

export function joinWorkers(group: string): Worker {
  const send = createSender<FromWorker>(process);
  const wanted = new Map<number, (text: string | null) => void>();
  let asked = 0;
  // Makes this process answer when the primary collects.
  new AggregatorRegistry();
  // Summed as all gauges are, it says of how many workers the others are the sum.
  const workers = new Gauge({ name: "lanyard_workers", help: "Workers of this node that take connections." });
  process.on("message", (message: FromPrimary) => {
    if (message.type !== "lanyard:metrics") return;
    wanted.get(message.id)?.(message.text);
  });
  return {
    siblings: {
      group,
      send: (announcement) => send({ type: "lanyard:announced", announcement }),
      listen(heard) {
        process.on("message", (message: FromPrimary) => {
          if (message.type === "lanyard:announced") heard(message.announcement);
        });
      },
    },
    async metrics() {
      asked += 1;
      const id = asked;
      const answered = new Promise<string | null>((resolve) => {
        wanted.set(id, resolve);
        setTimeout(resolve, METRICS_LIMIT_MS, null).unref();
      });
      send({ type: "lanyard:metrics-wanted", id });
      const text = await answered;
      wanted.delete(id);
      return text ?? register.metrics();
    },
    started(started) {
      workers.set(1);
      send({ type: "lanyard:started", started });
    },
  };
}
