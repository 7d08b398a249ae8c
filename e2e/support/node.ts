import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../server/dist/main.js", import.meta.url));
/** With fourteen processes to a core, an embedded database took three minutes to begin. */
const START_LIMIT_MS = 240_000;
const LOOK_EVERY_MS = 20;

/** What nodes that belong together are started with. */
export function nodeEnvironment(postgresUrl: string, redisUrl?: string): Record<string, string> {
  return {
    DATABASE_URL: postgresUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    LANYARD_SECRET: "a secret that is long enough for tests",
  };
}

/** One running server process of the built product. */
export interface Node {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** The one-time link that a first start prints. */
  setupLink(): string;
  /** Ends it with `signal` and resolves with its exit code, null when a signal killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts a node and waits until it says that it runs, or, without a database that could tell whether it is set up,
 * until it listens. Stops count on the caller: `stop()` removes its folder.
 */
export async function startNode(
  env: Record<string, string>,
  until: "running" | "listening" = "running",
): Promise<Node> {
  const port = Number(env.PORT ?? (await freePort()));
  const ownFolder = env.DATA_DIR ? undefined : await mkdtemp(join(tmpdir(), "lanyard-e2e-"));
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      PUBLIC_URL: `http://localhost:${port}`,
      ...(ownFolder && { DATA_DIR: ownFolder }),
      ...env,
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk));
  const url = `http://localhost:${port}`;
  const isUp = {
    running: () => printed.includes("Lanyard is running at"),
    listening: () => answers(`${url}/healthz`),
  };
  await untilUp(child, isUp[until], () => printed);
  return {
    url,
    port,
    process: child,
    output: () => printed,
    setupLink() {
      const link = printed.match(/http\S+\/setup#token=\S+/)?.[0];
      if (!link) throw new Error(`no setup link was printed:\n${printed}`);
      return link;
    },
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, "exit");
      }
      if (ownFolder) await rm(ownFolder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

async function untilUp(
  child: ChildProcess,
  isUp: () => boolean | Promise<boolean>,
  printed: () => string,
): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${printed()}`);
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start:\n${printed()}`);
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Below those that systems give to outgoing connections: it is still free when a node is started on it again. */
const PORTS = { from: 10_000, to: 30_000 };

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("listening", () => resolve(true));
      server.once("error", () => resolve(false));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
