import cluster from "node:cluster";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type Logger, pino } from "pino";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { isDatabaseAway } from "./database/away.ts";
import { AppError } from "./errors.ts";
import { createServices, type Services } from "./services.ts";
import { joinWorkers, runWorkers, type Started } from "./workers/index.ts";

/** After this the process ends, whatever still hangs. */
const SHUTDOWN_LIMIT_MS = 9_000;

/** For requests that are being answered. */
const CONNECTIONS_END_MS = 2_000;

/** Connections that may wait to be accepted: everybody may come back at once. */
const BACKLOG = 4_096;

const SETUP_RETRY_MS = 1_000;

const REDACTED = ["req.headers.authorization", "req.headers.cookie", "secret", "token", "password"];

async function main(): Promise<void> {
  const config = readConfig();
  const log = pino({ level: config.logLevel, redact: REDACTED });
  const tell = (started: Started) => announceStart(config, started);
  if (config.workers > 1 && cluster.isPrimary) runWorkers({ count: config.workers, log, started: tell });
  else await runNode(config, log, tell);
}

async function runNode(config: Config, log: Logger, tell: (started: Started) => void): Promise<void> {
  const worker = config.workerGroup === undefined ? undefined : joinWorkers(config.workerGroup);
  const services = await createServices(config, log, worker);
  const server = createServer(services.app);
  // A stream lives for hours, and a request's end is bounded by its own limits.
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  await listen(server, config);
  endOnSignals(server, services, log);
  const { port } = server.address() as AddressInfo;
  const started = { port, setupLink: await setupLink(services) };
  if (worker) worker.started(started);
  else tell(started);
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new ConfigError([`PORT ${config.port} is in use; stop what runs there, or set PORT to another`])
          : error,
      ),
    );
    server.listen({ port: config.port, host: config.host, backlog: BACKLOG }, resolve);
  });
}

/** Waits for a database that is away: without the link nobody could ever sign in. */
async function setupLink(services: Services): Promise<string | undefined> {
  for (;;) {
    try {
      return await services.setupLink();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await setTimeout(SETUP_RETRY_MS);
    }
  }
}

function announceStart(config: Config, { port, setupLink }: Started): void {
  const url = config.publicUrl.origin.replace(/:0$/, `:${port}`);
  const lines = [
    "",
    `  Lanyard is running at ${url}`,
    config.databaseUrl
      ? `  on PostgreSQL${config.redisUrl ? " and Redis" : ""}${config.workers > 1 ? `, with ${config.workers} workers` : ""}`
      : `  on the embedded database in ${config.dataDir} (survives a crash of the process; does not fsync)`,
    ...(setupLink
      ? [
          "",
          "  Make the first account with this one-time link:",
          `  ${setupLink.replace(config.publicUrl.origin, url)}`,
        ]
      : []),
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function endOnSignals(server: Server, services: Services, log: Logger): void {
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    globalThis.setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    const closed = once(server, "close");
    server.close();
    await services.drain();
    server.closeIdleConnections();
    globalThis.setTimeout(() => server.closeAllConnections(), CONNECTIONS_END_MS).unref();
    await closed;
    await services.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      end().catch((error: unknown) => {
        log.error({ err: error }, "shutdown failed");
        process.exit(1);
      });
    });
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof AppError;
  process.stderr.write(`${expected ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
