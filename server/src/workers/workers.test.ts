import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Caller,
  createCaller,
  setUp,
  type TestDatabase,
  testDatabase,
  testServer,
} from "../testing/index.ts";
import { testInstance } from "../testing/instances.ts";
import { metricOf } from "../testing/metric.ts";
import { type Plug, plugInto } from "../testing/plug.ts";
import { openSdkStream, type SdkStream } from "../testing/sdk-stream.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const WORKERS = 2;
const STREAMS = 4;
/** Three processes that each compile their sources, on a busy machine. */
const START_MS = 40_000;

const secret = randomBytes(32).toString("hex");
const dataDir = mkdtempSync(join(tmpdir(), "lanyard-workers-"));
let database: TestDatabase;
let postgres: Plug;
let primary: ChildProcess;
let output = "";
let origin: string;
let ada: Caller;
let pager: Caller;
let key: string;
let streams: SdkStream[];

function start(args: string[], env: Record<string, string>): ChildProcess {
  const sources = ["--conditions=source", "--import", "tsx"];
  const child = spawn(process.execPath, [...sources, MAIN, ...args], {
    env: {
      PATH: process.env.PATH,
      HOST: "127.0.0.1",
      PORT: "0",
      DATA_DIR: dataDir,
      LOG_LEVEL: "silent",
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  return child;
}

const workers = () =>
  execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([pid, parent, ...args]) =>
      Number(parent) === primary.pid && args.includes("--group") ? [Number(pid)] : [],
    );

beforeAll(async () => {
  database = await testDatabase();
  postgres = await plugInto(database.url);
  primary = start(["--workers", String(WORKERS)], {
    DATABASE_URL: postgres.url,
    LANYARD_SECRET: secret,
  });
  await waitFor("the start", async () => /Lanyard is running at/.test(output), START_MS);
  origin = `http://127.0.0.1:${/running at http:\/\/localhost:(\d+)/.exec(output)?.[1]}`;
  // The first one that listens is told of; streams are to be spread over all.
  await waitFor(
    "all workers to listen",
    async () => (await metricOf(origin, "lanyard_workers")) === WORKERS,
    START_MS,
  );
  const link = /http\S+\/setup#token=\S+/.exec(output)?.[0];
  const services = { setupLink: async () => link };
  ada = await setUp({ origin, stranger: createCaller(origin), services });
  const shop = shopOf(ada);
  await shop.flag("search");
  await shop.flag("checkout");
  key = (await shop.key("server")).secret;
  pager = createCaller(origin, { authorization: `Bearer ${(await shop.key("kill")).secret}` });
  // The workers take connections in turns.
  streams = await Promise.all(Array.from({ length: STREAMS }, () => openSdkStream(origin, key)));
  for (const stream of streams) await stream.next("heartbeat");
});

afterAll(async () => {
  primary.kill("SIGKILL");
  await postgres.close();
  await waitFor("the workers to follow their primary", async () => workers().length === 0);
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const kill = (by: Caller, flag: string) =>
  by.call("POST /api/v1/kills", {
    body: { project: "shop", environments: ["development"], flags: [flag], reason: "it burns" },
  });

/** Every worker tells its own streams. */
async function heardByAll(id: string): Promise<void> {
  for (const stream of streams)
    await stream.next("kill", ({ data }) =>
      data.elements.some((element: { id: string }) => element.id === id),
    );
}

const drained = (id: string) =>
  waitFor("the drain", async () => {
    const answer = await ada.call("GET /api/v1/kills/{kill}", { params: { kill: id } });
    return answer.status === 200;
  });

test("the embedded database has one process only", async () => {
  const before = output.length;
  const refused = start(["--workers", "2"], { DATA_DIR: join(dataDir, "embedded") });
  const [code] = await once(refused, "exit");
  expect(code).toBe(1);
  expect(output.slice(before)).toContain("WORKERS above 1 needs DATABASE_URL");
});

test("a scrape of one worker counts the streams of all", async () => {
  expect(await metricOf(origin, "lanyard_streams")).toBe(STREAMS);
});

test("what a drill found is no longer shown by any worker once another drill found better", async () => {
  const silent = await testInstance(origin, key);
  // Each on a connection of its own, so that the workers take them in turns.
  const missed = await Promise.all(Array.from({ length: STREAMS }, drill));
  expect(missed).toContain("missing");
  await waitFor("the metrics", async () => (await metricOf(origin, "lanyard_drill_missing")) === 1);
  await silent.say({ leaving: true });
  await silent.stream.close();
  await waitFor("a drill that misses nobody", async () => (await drill()) === "nobody");
  await waitFor("the metrics", async () => (await metricOf(origin, "lanyard_drill_missing")) === 0);
});

async function drill(): Promise<string> {
  const path = "/api/v1/projects/shop/environments/development/drill";
  const asked = request(origin + path, { method: "POST", agent: false, headers: ada.headers }).end();
  const [answer] = await once(asked, "response");
  return JSON.parse(await text(answer)).outcome;
}

test("a scrape is answered by the worker alone while the primary hangs", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  // New connections go through the primary.
  await scrape(agent);
  primary.kill("SIGSTOP");
  const own = await scrape(agent).finally(() => primary.kill("SIGCONT"));
  agent.destroy();
  const streamsOfOne = Number(/^lanyard_streams (\d+)$/m.exec(own)?.[1]);
  expect(streamsOfOne).toBeLessThan(STREAMS);
});

function scrape(agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(`${origin}/metrics`, { agent }, (answer) => resolve(text(answer)));
    asked.on("error", reject);
  });
}

test("whichever worker answers counts who holds a kill that is on no record at all of them", async () => {
  const kills = "kill_lost0with0its0node";
  const holders = await Promise.all(
    Array.from({ length: STREAMS }, () => openSdkStream(origin, key, { kills })),
  );
  await waitFor("the word of all workers", async () => {
    const page = await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
    return page.unrecorded[0]?.instances === STREAMS;
  });
  for (const stream of holders) await stream.close();
});

test("a kill reaches the streams of all workers with PostgreSQL gone and no Redis", async () => {
  await postgres.pull();
  const { status, body } = await kill(pager, "search");
  expect(status).toBe(202);
  await heardByAll(body.id);
  await postgres.restore();
  await drained(body.id);
});

test("a peer tells one worker, and the streams of all hear of the kill", async () => {
  const peer = await testServer({ databaseUrl: postgres.url, secret, peers: [origin] });
  await postgres.pull();
  const { status, body } = await waitFor("the workers to have the kill", async () => {
    const answer = await kill(createCaller(peer.origin, pager.headers), "checkout");
    return answer.body.reach !== "this node" && answer;
  });
  expect(status).toBe(202);
  expect(body).toMatchObject({ durable: ["journal"], reach: "this node and its peers" });
  await heardByAll(body.id);
  await postgres.restore();
  await drained(body.id);
  await peer.close();
});

test("a worker that dies is replaced, and the others go on", async () => {
  const [victim, survivor] = workers() as [number, number];
  process.kill(victim, "SIGKILL");
  await Promise.race(streams.map(({ ended }) => ended));
  await waitFor(
    "another worker",
    async () => {
      const now = workers();
      return now.length === WORKERS && !now.includes(victim);
    },
    START_MS,
  );
  expect(workers()).toContain(survivor);
  const back = await waitFor("streams to be served", () =>
    // A connection kept alive with the one that died breaks once.
    Promise.all(Array.from({ length: STREAMS }, () => openSdkStream(origin, key))).catch(() => undefined),
  );
  for (const stream of back) await stream.next("heartbeat");
  streams.push(...back);
});

test("SIGTERM drains them all", async () => {
  const open = streams.slice(-STREAMS);
  const exited = once(primary, "exit");
  primary.kill("SIGTERM");
  for (const stream of open)
    expect((await stream.next("goodbye")).data.reconnectInMs).toBeLessThanOrEqual(500);
  expect(await exited).toEqual([0, null]);
});
