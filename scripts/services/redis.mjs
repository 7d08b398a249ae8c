// A real Redis for tests: nothing on disk, a random port and a random password, so that several can run at once.
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../process/find-program.mjs";
import { freePort } from "../process/free-port.mjs";
import { daemon } from "./daemon.mjs";
import { startContainer } from "./docker.mjs";

export const redis = {
  name: "Redis",
  variable: "TEST_REDIS_URL",
  debianPackage: "redis-server",
  find: findRedis,
  start: startRedis,
  startInDocker: (janitor) =>
    startContainer({
      janitor,
      image: "redis:7-alpine",
      port: 6379,
      env: {},
      ready: ["redis-cli", "ping"],
      url: (port) => `redis://127.0.0.1:${port}`,
    }),
  advice: "Install Redis 7 or later so that `redis-server` is on PATH, or set TEST_REDIS_URL.",
};

export function findRedis() {
  return findProgram(["redis-server", "valkey-server"], ["/opt/homebrew/bin", "/usr/local/bin"]);
}

export async function startRedis(janitor, program = findRedis(), attempts = 3) {
  const folder = mkdtempSync(join(tmpdir(), "lanyard-redis-"));
  janitor.mindsDirectory(folder);
  const password = randomBytes(16).toString("hex");
  const port = await freePort();
  const configuration = join(folder, "redis.conf");
  writeFileSync(configuration, settings({ folder, password, port }), { mode: 0o600 });
  const service = daemon({
    name: "Redis",
    command: program,
    args: [configuration],
    options: { cwd: folder },
    logFile: join(folder, "log"),
    stopSignal: "SIGTERM",
    janitor,
    isReady: () => accepts(port),
  });
  try {
    await service.start();
  } catch (error) {
    if (attempts > 1 && /Address already in use/i.test(error.message))
      return startRedis(janitor, program, attempts - 1);
    throw error;
  }
  return { url: `redis://default:${password}@127.0.0.1:${port}`, ...service };
}

function settings({ folder, password, port }) {
  return `port ${port}\nbind 127.0.0.1\nrequirepass ${password}\ndir ${folder}\nsave ""\nappendonly no\ndatabases 64\n`;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
