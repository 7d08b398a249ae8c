import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Flag, KillElement, Ruleset, Segment } from "@lanyard/evaluation";
import type { ElementId } from "../kills.ts";
import { digestOf } from "./digest.ts";

/** A request as it arrived. */
export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

/** May answer in place of the peer: `true` when it did. */
export type Misbehaviour = (request: Received, response: ServerResponse) => boolean;

/** A server of docs/protocol.md, written from that page alone, that can also be told to misbehave. */
export class ProtocolPeer {
  ruleset: Ruleset;
  killCounter = 0;
  readonly lifted: ElementId[] = [];
  readonly received: Received[] = [];
  /** Accepted batches by id, as a server that knows a repetition keeps them. */
  readonly batches = new Map<
    string,
    { flag: string; variation: string | null; reason: string; count: number }[]
  >();
  /** What was tracked, of all accepted batches. */
  readonly metrics: { metric: string; count: number; sum: number }[] = [];
  readonly streams = new Set<ServerResponse>();
  mostStreams = 0;
  misbehave: Misbehaviour = () => false;
  readonly #server: Server;
  readonly #watchers = new Set<() => void>();

  private constructor(ruleset: Ruleset) {
    this.ruleset = ruleset;
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  static async start(flags: Record<string, Flag> = {}, port = 0): Promise<ProtocolPeer> {
    const peer = new ProtocolPeer(rulesetOf(flags));
    await new Promise<void>((resolve) => peer.#server.listen(port, "127.0.0.1", resolve));
    return peer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves once it holds; looked at again whenever something arrives, opens or ends. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const watch = (): void => {
        if (!holds()) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
    });
  }

  requests(path: string): Received[] {
    return this.received.filter((request) => request.path === path);
  }

  /** Commits a change and sends it as a patch. */
  change(flags: Record<string, Flag | null>, segments: Record<string, Segment | null> = {}): void {
    const { epoch, revision } = this.ruleset;
    this.commit(flags, segments);
    this.send("patch", { epoch, from: revision, to: revision + 1, flags, segments });
  }

  /** Commits a change that no stream hears of. */
  commit(flags: Record<string, Flag | null>, segments: Record<string, Segment | null> = {}): void {
    this.ruleset = {
      ...this.ruleset,
      revision: this.ruleset.revision + 1,
      flags: merge(this.ruleset.flags, flags),
      segments: merge(this.ruleset.segments, segments),
    };
  }

  kill(...elements: KillElement[]): void {
    this.ruleset = { ...this.ruleset, kills: [...this.ruleset.kills, ...elements] };
    this.sendKill(elements);
  }

  /** A kill's frame alone: what a drill is, or a kill with another pace of confirming. */
  sendKill(elements: KillElement[], pace: object = { confirmWithinMs: 0 }): void {
    this.killCounter += 1;
    this.send("kill", { elements, kills: this.killCounter, ...pace });
  }

  /** Bodies of the receipts that came, oldest first. */
  receipts(): { kills: { id: string; heldMs: number }[]; host?: string; leaving?: true }[] {
    return this.requests("/sdk/v1/receipts").map(({ body }) => JSON.parse(body));
  }

  lift(...elements: ElementId[]): void {
    this.killCounter += 1;
    this.lifted.push(...elements);
    const isLifted = (kill: KillElement) => elements.some((e) => e.id === kill.id && e.flag === kill.flag);
    this.ruleset = { ...this.ruleset, kills: this.ruleset.kills.filter((kill) => !isLifted(kill)) };
    this.send("lift", { elements, kills: this.killCounter });
  }

  heartbeat(changes: object = {}): void {
    this.send("heartbeat", { ...this.#beat(), ...changes });
  }

  send(event: string, data: unknown): void {
    this.raw(frame(event, data));
  }

  raw(bytes: string | Uint8Array): void {
    for (const stream of this.streams) stream.write(bytes);
  }

  /** Ends every open stream without a word. */
  cut(): void {
    for (const stream of this.streams) stream.destroy();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://peer");
    let body = "";
    for await (const chunk of request) body += chunk;
    const received = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    allow(request, response);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    this.received.push(received);
    if (!this.misbehave(received, response)) this.#answer(received, response);
    response.on("close", () => {
      this.streams.delete(response);
      this.#look();
    });
    this.#look();
  }

  #answer(received: Received, response: ServerResponse): void {
    switch (`${received.method} ${received.path}`) {
      case "GET /sdk/v1/stream":
        this.#stream(received.query, response);
        break;
      case "GET /sdk/v1/ruleset":
        this.#ruleset(received, response);
        break;
      case "POST /sdk/v1/events": {
        const { batchId, usage, metrics = [] } = JSON.parse(received.body);
        if (!this.batches.has(batchId)) this.metrics.push(...metrics);
        this.batches.set(batchId, usage);
        response.writeHead(202).end();
        break;
      }
      case "POST /sdk/v1/receipts":
        response.writeHead(202).end();
        break;
      default:
        response.writeHead(404).end();
    }
  }

  #ruleset({ headers, query }: Received, response: ServerResponse): void {
    const { epoch, revision } = this.ruleset;
    const etag = `"${epoch}-${revision}-${this.killCounter}"`;
    if (headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const held = query.get("kills")?.split(",");
    const lifted = held && { lifted: this.lifted.filter(({ id }) => held.includes(id)) };
    response.writeHead(200, { "content-type": "application/json", etag });
    response.end(JSON.stringify({ ...this.ruleset, ...lifted }));
  }

  #stream(query: URLSearchParams, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const say = (event: string, data: unknown) => response.write(frame(event, data));
    const { epoch, revision, kills: active } = this.ruleset;
    const kills = this.killCounter;
    if (active.length > 0) say("kill", { elements: active, kills, confirmWithinMs: 0 });
    const held = query.get("kills")?.split(",") ?? [];
    const lifted = this.lifted.filter(({ id }) => held.includes(id));
    if (lifted.length > 0) say("lift", { elements: lifted, kills });
    const current = query.get("epoch") === String(epoch) && query.get("revision") === String(revision);
    if (!current) say("put", this.ruleset);
    say("heartbeat", this.#beat());
    this.streams.add(response);
    this.mostStreams = Math.max(this.mostStreams, this.streams.size);
  }

  #beat() {
    const { epoch, revision } = this.ruleset;
    const serverTime = new Date().toISOString();
    return { epoch, revision, kills: this.killCounter, digest: digestOf(this.ruleset), serverTime };
  }

  #look(): void {
    for (const watch of [...this.#watchers]) watch();
  }
}

/** Any page may ask, without credentials. */
function allow(request: IncomingMessage, response: ServerResponse): void {
  if (!request.headers.origin) return;
  response.setHeader("access-control-allow-origin", request.headers.origin);
  response.setHeader(
    "access-control-allow-headers",
    "authorization, content-type, if-none-match, lanyard-context",
  );
  response.setHeader("vary", "origin");
}

export const frame = (event: string, data: unknown): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

function merge<Value>(
  into: Record<string, Value>,
  changes: Record<string, Value | null>,
): Record<string, Value> {
  const entries = Object.entries({ ...into, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as Record<string, Value>;
}

export function rulesetOf(flags: Record<string, Flag>, changes: Partial<Ruleset> = {}): Ruleset {
  return {
    format: 1,
    environmentId: "env_test",
    epoch: 1,
    revision: 1,
    flags,
    segments: {},
    kills: [],
    ...changes,
  };
}
