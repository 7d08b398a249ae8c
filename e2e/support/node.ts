import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../server/dist/main.js", import.meta.url));
const START_LIMIT_MS = 30_000;

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

/** Starts a node and waits until it says that it runs. Stops count on the caller: `stop()` removes its folder. */
export async function startNode(env: Record<string, string>): Promise<Node> {
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
  await untilPrinted(
    child,
    () => printed.includes("Lanyard is running at"),
    () => printed,
  );
  return {
    url: `http://localhost:${port}`,
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

async function untilPrinted(child: ChildProcess, done: () => boolean, printed: () => string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`the server did not start:\n${printed()}`)),
      START_LIMIT_MS,
    );
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed()}`)));
    child.stdout?.on("data", () => {
      if (!done()) return;
      clearTimeout(limit);
      resolve();
    });
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
