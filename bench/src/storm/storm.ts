import { type Event, START, type State, step } from "../../../sdk-core/src/machine.ts";
import { type Admission, createAdmission } from "../../../server/src/delivery/stream/admission.ts";
import { Agenda, TICK_MS } from "./agenda.ts";
import { type Answer, type Asked, type Costs, SimulatedNode } from "./node.ts";

/** How clients come back and how nodes let them in. */
export interface Pacing {
  step: typeof step;
  admission(now: () => number, random: () => number): Admission;
}

/** The product's own decisions. */
export const PACED: Pacing = { step, admission: createAdmission };

const UNPACED_RETRY_MS = 1_000;

/** What many clients and servers do: try again a second later whatever anybody says, and let in whoever comes. */
export const UNPACED: Pacing = {
  step(state, event, draw) {
    const isSilence = event === "wake" && state.phase === "connecting";
    const isLoss = isSilence || event === "dropped" || typeof event === "number";
    return step(state, isLoss ? UNPACED_RETRY_MS : event, draw);
  },
  admission: () => ({ enters: () => true, askedToWait: () => undefined }),
};

export interface StormOptions {
  clients: number;
  nodes: number;
  /** How long no node can be reached after all streams broke at one moment; 0 when only a load balancer restarted. */
  outageMs: number;
  pacing: Pacing;
  costs: Costs;
  random: () => number;
}

export interface Storm {
  /** Milliseconds from when nodes can be reached again until so many were back; `Infinity` when it was given up. */
  backMs: { half: number; most: number; all: number };
  /** The busiest second of any node. */
  peakPerSecond: { asked: number; opened: number };
  /** The longest that a request, and with it a kill, stood behind others at a node. */
  longestWaitMs: number;
  /** Requests that were read when their clients had given them up. */
  wasted: number;
  asked: number;
}

const GIVE_UP_MS = 10 * 60_000;

/** All streams break at one moment; once a client is back in, it stays in. The network takes no time. */
export function simulate(options: StormOptions): Storm {
  const simulation = new Simulation(options);
  return simulation.run();
}

class Simulation {
  readonly #options: StormOptions;
  readonly #agenda: Agenda;
  readonly #states: State[];
  readonly #nodes: SimulatedNode[];
  readonly #seconds: Seconds;
  readonly #back: number[] = [];
  #tick = 0;
  #asked = 0;
  #wasted = 0;
  #longestWaitMs = 0;

  constructor(options: StormOptions) {
    const { clients, nodes, pacing, costs, random } = options;
    this.#options = options;
    this.#agenda = new Agenda(clients);
    const connected = pacing.step(pacing.step(START, "wake", 0), "bytes", 0);
    this.#states = Array.from({ length: clients }, () => connected);
    this.#seconds = new Seconds(nodes);
    const now = () => this.#tick * TICK_MS;
    this.#nodes = Array.from(
      { length: nodes },
      () => new SimulatedNode(costs, pacing.admission(now, random)),
    );
  }

  run(): Storm {
    const { clients, outageMs } = this.#options;
    for (let client = 0; client < clients; client += 1) this.#happens(client, "dropped");
    const lastTick = (outageMs + GIVE_UP_MS) / TICK_MS;
    while (this.#back.length < clients && this.#tick < lastTick) {
      this.#tick += 1;
      for (const client of this.#agenda.due(this.#tick)) this.#happens(client, "wake");
      if (this.#tick * TICK_MS >= outageMs) for (const [index] of this.#nodes.entries()) this.#work(index);
    }
    const at = (share: number) => (this.#back[Math.ceil(clients * share) - 1] ?? Infinity) - outageMs;
    return {
      backMs: { half: at(0.5), most: at(0.99), all: at(1) },
      peakPerSecond: this.#seconds.peak,
      longestWaitMs: this.#longestWaitMs,
      wasted: this.#wasted,
      asked: this.#asked,
    };
  }

  #work(index: number): void {
    const node = this.#nodes[index] as SimulatedNode;
    this.#longestWaitMs = Math.max(this.#longestWaitMs, node.waitMs(this.#tick));
    node.work(
      ({ client, socket }) => this.#states[client]?.socket === socket,
      (asked, answer) => this.#answered(index, asked, answer),
    );
  }

  #answered(index: number, { client }: Asked, answer: Answer): void {
    if (answer === "gone") this.#wasted += 1;
    else if (answer === "polled") this.#happens(client, "polled");
    else if (answer === "opened") {
      this.#seconds.count(index, this.#tick, "opened");
      this.#happens(client, "bytes");
      this.#agenda.cancel(client);
      this.#back.push(this.#tick * TICK_MS);
    } else this.#happens(client, answer.waitSeconds * 1_000);
  }

  /** The client decides, and asks a node when it decided to. */
  #happens(client: number, event: Event): void {
    const { pacing, outageMs, random } = this.#options;
    const before = this.#states[client] as State;
    let after = pacing.step(before, event, random());
    const asks =
      after.socket !== before.socket && (after.phase === "connecting" || after.phase === "polling");
    const isRefused = asks && this.#tick * TICK_MS < outageMs;
    if (isRefused) after = pacing.step(after, "dropped", random());
    this.#states[client] = after;
    this.#agenda.plan(client, this.#tick, after.wakeMs);
    const { phase, socket } = after;
    if (asks && !isRefused)
      this.#ask({ client, socket, for: phase === "polling" ? "ruleset" : "stream", at: this.#tick });
  }

  #ask(asked: Asked): void {
    const index = Math.floor(this.#options.random() * this.#nodes.length);
    this.#asked += 1;
    this.#seconds.count(index, this.#tick, "asked");
    this.#nodes[index]?.ask(asked);
  }
}

/** What happened at each node in the second that is under way, and the most that ever did. */
class Seconds {
  readonly peak = { asked: 0, opened: 0 };
  readonly #counts: { second: number; asked: number; opened: number }[];

  constructor(nodes: number) {
    this.#counts = Array.from({ length: nodes }, () => ({ second: 0, asked: 0, opened: 0 }));
  }

  count(node: number, tick: number, what: "asked" | "opened"): void {
    const counts = this.#counts[node] as { second: number; asked: number; opened: number };
    const second = Math.floor((tick * TICK_MS) / 1_000);
    if (second !== counts.second) Object.assign(counts, { second, asked: 0, opened: 0 });
    counts[what] += 1;
    this.peak[what] = Math.max(this.peak[what], counts[what]);
  }
}
