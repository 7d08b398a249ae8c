import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Config } from "../config.ts";
import { createServices, type Services } from "../services.ts";
import { type Caller, createCaller } from "./caller.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export interface TestServer {
  origin: string;
  /** For another node; undefined of an embedded one. */
  databaseUrl: string | undefined;
  services: Services;
  /** Somebody who presents nothing. */
  stranger: Caller;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Another node on the same database. */
  databaseUrl?: string | undefined;
  redisUrl?: string;
  peers?: string[];
  /** What people type, where that is not the server's own origin. */
  publicUrl?: string;
  /** PGlite in a folder of its own instead of PostgreSQL. */
  embedded?: boolean;
  secret?: string;
  drillEveryMs?: number;
  /** Kept when the server closes; for the next one to start on. */
  dataDir?: string;
}

/** The whole product on a port of its own, as `main.ts` runs it. */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "lanyard-test-"));
  const own = options.embedded || options.databaseUrl ? undefined : await testDatabase();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = await createServices(configOf(options, origin, dataDir, own), pino({ level: "silent" }));
  server.on("request", services.app);
  return {
    origin,
    databaseUrl: options.databaseUrl ?? own?.url,
    services,
    stranger: createCaller(origin),
    async close() {
      server.close();
      server.closeAllConnections();
      await services.close();
      await own?.drop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function configOf(
  options: TestServerOptions,
  origin: string,
  dataDir: string,
  own: TestDatabase | undefined,
): Config {
  return {
    port: 0,
    host: "127.0.0.1",
    publicUrl: new URL(options.publicUrl ?? origin),
    trustProxy: 0,
    dataDir,
    dataDirPersistent: true,
    databaseUrl: options.databaseUrl ?? own?.url,
    redisUrl: options.redisUrl,
    peers: (options.peers ?? []).map((url) => new URL(url)),
    secrets: { current: options.secret ?? randomBytes(32).toString("hex"), previous: undefined },
    drillEveryMs: options.drillEveryMs ?? 0,
    workers: 1,
    workerGroup: undefined,
    logLevel: "silent",
  };
}
