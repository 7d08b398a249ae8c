import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROBE, type Probed, type Remote, startProcess } from "./rpc.ts";

const MAIN = fileURLToPath(new URL("../../../server/dist/main.js", import.meta.url));

/** The built product in a process of its own, with one project to measure on. */
export interface Product {
  readonly port: number;
  readonly remote: Remote<Probed>;
  stop(): Promise<void>;
}

/** A person who may do everything in the project `web`, an SDK's key and a key that kills. */
export interface Project {
  call(method: string, path: string, body?: unknown): Promise<Record<string, never>>;
  sdkKey: string;
  killKey: string;
}

export async function startProduct(
  env: Record<string, string> = {},
): Promise<Product & { output(): string }> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), "lanyard-bench-"));
  const remote = startProcess<Probed>(MAIN, {
    execArgv: PROBE,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      DATA_DIR: dataDir,
      HOST: "127.0.0.1",
      PORT: String(port),
      ...env,
    },
  });
  let printed = "";
  const { stdout } = remote.process;
  stdout?.on("data", (chunk: Buffer) => (printed += chunk));
  while (!printed.includes("Lanyard is running at")) {
    if (remote.process.exitCode !== null) throw new Error(`the server ended:\n${printed}`);
    await Promise.race([once(stdout as NonNullable<typeof stdout>, "data"), once(remote.process, "exit")]);
  }
  return {
    port,
    remote,
    output: () => printed,
    async stop() {
      await remote.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function setUp({ port, output }: { port: number; output(): string }): Promise<Project> {
  const origin = `http://127.0.0.1:${port}`;
  const token = /setup#token=(\S+)/.exec(output())?.[1];
  let cookie = "";
  const call: Project["call"] = async (method, path, body) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { cookie, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    cookie ||= (answer.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
    return text === "" ? {} : JSON.parse(text);
  };
  const password = randomBytes(12).toString("hex");
  await call("POST", "/setup", {
    token,
    email: "bench@example.com",
    name: "Bench",
    password,
    project: { key: "web", name: "Web" },
  });
  for (let flag = 0; flag < FLAGS; flag += 1)
    await call("POST", "/projects/web/flags", { key: `flag-${flag}`, name: `Flag ${flag}`, message: "made" });
  const key = (body: object) =>
    call("POST", "/projects/web/keys", { name: "bench", expiresAt: null, ...body });
  const { secret: sdkKey } = await key({ kind: "server", environment: "development" });
  const { secret: killKey } = await key({ kind: "kill", environments: ["development"] });
  return { call, sdkKey: String(sdkKey), killKey: String(killKey) };
}

/** Enough for a snapshot of some tens of kilobytes, as a service of ordinary size has. */
const FLAGS = 100;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
