import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, apiWith, setUp } from "../../support/api.ts";
import { query } from "../../support/database.ts";
import { type Line, startLine } from "../../support/line.ts";
import { freePort, type Node, nodeEnvironment, startNode } from "../../support/node.ts";
import { type SdkProcess, type SdkProcessOptions, startSdkProcess } from "../../support/sdk-process.ts";
import { ownServices, type Services } from "../../support/services.ts";
import { Ledger } from "./ledger.ts";

export type NodeName = "a" | "b" | "c";

/** An application whose every answer is held against the ledger, and the cable that it is connected by. */
export interface Reader {
  readonly name: string;
  readonly sdk: SdkProcess;
  readonly line: Line;
}

interface ReaderOptions extends SdkProcessOptions {
  key?: string;
}

export const DATABASE = "lanyard";
export const DIAL = "dial";
export const CORD = "cord";
export const STEADY = "steady";
/**
 * The dial's answers, as many as a flag may have, one after another. The same comes round only after more changes than an
 * SDK can miss: it would be taken for one that is still where it was.
 */
export const DIAL_ANSWERS = Array.from({ length: 100 }, (_, index) => `n${index}`);
const HOMES: [name: string, nodes: NodeName[]][] = [
  ["SDK of a", ["a", "b"]],
  ["SDK of b", ["b", "a"]],
];
const FLAGS = `/api/v1/projects/web/flags`;
const STEADY_USERS = Array.from({ length: 100 }, (_, index) => `user-${index}-é`);
const WATCHED = [
  { flag: DIAL, users: ["anybody"], fallback: -1 },
  { flag: CORD, users: ["anybody"], fallback: false },
  { flag: STEADY, users: STEADY_USERS, fallback: false },
];

/**
 * Two nodes on a PostgreSQL and a Redis of their own, and applications that read three flags over and over: `dial`,
 * which changes turn, `cord`, which is killed and lifted, and `steady`, a split that nobody touches. Node `b` reaches
 * its services by cables. One cluster lives through one fault after another, as a real one does.
 */
export class Cluster {
  readonly ledger = new Ledger();
  readonly readers = new Map<string, Reader>();
  readonly services: Services;
  readonly cables: { readonly postgres: Line; readonly redis: Line };
  readonly #nodes = new Map<NodeName, Node>();
  readonly #environments = new Map<NodeName, Record<string, string>>();
  readonly #folder: string;
  cookie = "";
  sdkKey = "";
  killToken = "";

  private constructor(services: Services, cables: Cluster["cables"], folder: string) {
    this.services = services;
    this.cables = cables;
    this.#folder = folder;
  }

  static async start(): Promise<Cluster> {
    const services = await ownServices();
    await query(services.postgres.url, `CREATE DATABASE ${DATABASE}`);
    const cables = {
      postgres: await startLine(databaseOf(services)),
      redis: await startLine(services.redis.url),
    };
    const folder = await mkdtemp(join(tmpdir(), "lanyard-faults-"));
    const cluster = new Cluster(services, cables, folder);
    try {
      await cluster.#prepare();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  /** Its URL, past every cable. */
  get database(): string {
    return databaseOf(this.services);
  }

  /** What a node needs to belong to this cluster. */
  environment(postgresUrl = this.database, redisUrl = this.services.redis.url) {
    return nodeEnvironment(postgresUrl, redisUrl);
  }

  async #prepare(): Promise<void> {
    const { postgres, redis } = this.cables;
    const environments = { a: this.environment(), b: this.environment(postgres.url, redis.url) };
    for (const name of ["a", "b"] as const) await this.addNode(name, environments[name]);
    const api = await setUp(this.node("a"));
    this.cookie = api.cookie;
    await this.#makeFlags(api);
    this.sdkKey = await this.makeKey({ kind: "server", name: "app", environment: "development" });
    this.killToken = await this.makeKey({ kind: "kill", name: "pager" });
  }

  /**
   * An application at each node that reconnects to the other. One that had to reconnect is replaced, since only an SDK
   * that heard two heartbeats forgets how often it failed, and its next delay would be as long as a whole row.
   */
  async settleReaders(): Promise<void> {
    for (const [name, nodes] of HOMES) {
      const reader = this.readers.get(name);
      if (reader?.line.attempts.length === 1 && reader.line.streams.open === 1) continue;
      await this.removeReader(name);
      await this.addReader(name, nodes);
    }
  }

  async #makeFlags(api: Api): Promise<void> {
    const variations = DIAL_ANSWERS.map((id, value) => ({ id, value }));
    await api.call("POST", FLAGS, { key: DIAL, name: "Dial", type: "number", variations, off: "n0" });
    await api.call("POST", FLAGS, { key: CORD, name: "Cord" });
    await api.call("POST", FLAGS, { key: STEADY, name: "Steady" });
    const weights = [
      { variation: "on", weight: 25_000 },
      { variation: "off", weight: 75_000 },
    ];
    for (const [flag, fallthrough] of [
      [DIAL, { variation: "n0" }],
      [CORD, { variation: "on" }],
      [STEADY, { split: { unit: "targetingKey", weights } }],
    ] as const)
      await api.call("PATCH", `${FLAGS}/${flag}/environments/development`, { on: true, fallthrough });
    this.ledger.begin(DIAL, "n0");
    this.ledger.begin(CORD, "on");
  }

  node(name: NodeName): Node {
    return this.#nodes.get(name) as Node;
  }

  reader(name: string): Reader {
    return this.readers.get(name) as Reader;
  }

  /** One more node, with a port and a data folder that it keeps. */
  async addNode(name: NodeName, environment: Record<string, string> = this.environment()): Promise<void> {
    const own = { PORT: String(await freePort()), DATA_DIR: this.folder(name) };
    this.#environments.set(name, { ...environment, ...own });
    await this.startNode(name);
  }

  /** A folder that lasts as long as the cluster. */
  folder(name: string): string {
    return join(this.#folder, name);
  }

  /** Starts a node, or starts it again on its port and its data folder. */
  async startNode(name: NodeName, until?: "running" | "listening"): Promise<void> {
    this.#nodes.set(name, await startNode(this.#environments.get(name) as Record<string, string>, until));
  }

  api(name: NodeName = "a"): Api {
    return apiWith(this.node(name), this.cookie);
  }

  async makeKey(body: object): Promise<string> {
    return (await this.api().call<{ secret: string }>("POST", "/api/v1/projects/web/keys", body)).secret;
  }

  /** Starts an application that connects to the first of these nodes that answers. */
  async addReader(name: string, nodes: NodeName[], options: ReaderOptions = {}): Promise<Reader> {
    const { key = this.sdkKey, ...own } = options;
    const line = await startLine(...nodes.map((each) => this.node(each).url));
    const sdk = await startSdkProcess(line.url, key, own);
    const reader = { name, sdk, line };
    this.readers.set(name, reader);
    await this.watch(name, sdk);
    return reader;
  }

  /** Holds every answer of this application against the ledger from now on. */
  async watch(name: string, sdk: SdkProcess): Promise<void> {
    await sdk.watch(WATCHED, (answered) => {
      // Whatever the split gave the first reader, it gives for ever.
      if (answered.flag === STEADY && !this.ledger.knows(STEADY)) this.ledger.begin(STEADY, answered.answer);
      this.ledger.observe(name, answered);
    });
  }

  async removeReader(name: string, signal?: NodeJS.Signals): Promise<void> {
    const reader = this.readers.get(name);
    this.readers.delete(name);
    this.ledger.forget(name);
    await reader?.sdk.stop(signal);
    await reader?.line.close();
  }

  async end(): Promise<void> {
    for (const name of [...this.readers.keys()]) await this.removeReader(name, "SIGKILL");
    await Promise.all([...this.#nodes.values()].map((node) => node.stop("SIGKILL")));
    await Promise.all([this.cables.postgres.close(), this.cables.redis.close()]);
    await this.services.end();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function databaseOf({ postgres }: Services): string {
  return new URL(`/${DATABASE}`, postgres.url).href;
}
