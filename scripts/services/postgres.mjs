// A real PostgreSQL for tests: its own folder, a random port and a random password, so that several can run at once.
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram, versionedFolders } from "../process/find-program.mjs";
import { freePort } from "../process/free-port.mjs";
import { attempt, run } from "../process/run.mjs";
import { daemon } from "./daemon.mjs";
import { startContainer } from "./docker.mjs";

export const postgres = {
  name: "PostgreSQL",
  variable: "TEST_DATABASE_URL",
  debianPackage: "postgresql",
  find: findPostgres,
  start: startPostgres,
  startInDocker: (janitor) => {
    const password = randomBytes(16).toString("hex");
    return startContainer({
      janitor,
      image: "postgres:15-alpine",
      port: 5432,
      env: { POSTGRES_USER: "lanyard", POSTGRES_PASSWORD: password, POSTGRES_DB: "postgres" },
      ready: ["pg_isready", "--host=127.0.0.1"],
      url: (port) => `postgres://lanyard:${password}@127.0.0.1:${port}/postgres`,
    });
  },
  advice:
    "Install PostgreSQL 15 or later so that `initdb` is on PATH, or set TEST_DATABASE_URL to a superuser's URL.",
};

/** The folder that holds `initdb` and `postgres`. */
export function findPostgres() {
  const initdb = findProgram(
    ["initdb"],
    [
      ...versionedFolders("/usr/lib/postgresql", "bin"),
      ...versionedFolders("/opt/homebrew/opt", "bin").filter((folder) => folder.includes("postgresql")),
      "/usr/pgsql/bin",
    ],
  );
  return initdb && dirname(initdb);
}

export async function startPostgres(janitor, bin = findPostgres(), attempts = 3) {
  const user = await unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), "lanyard-postgres-"));
  janitor.mindsDirectory(folder);
  const password = randomBytes(16).toString("hex");
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(folder, "password"), password, { mode: 0o600 });
  for (const path of user ? [folder, data, join(folder, "password")] : [])
    chownSync(path, user.uid, user.gid);

  const options = { cwd: folder, ...user };
  await run(join(bin, "initdb"), initdbArguments(folder, data), options);
  const port = await freePort();
  const service = daemon({
    name: "PostgreSQL",
    command: join(bin, "postgres"),
    args: ["-D", data, ...settings(port)],
    options,
    logFile: join(folder, "log"),
    stopSignal: "SIGINT",
    janitor,
    isReady: () => isReady(data),
  });
  try {
    await service.start();
  } catch (error) {
    if (attempts > 1 && /could not bind/.test(error.message))
      return startPostgres(janitor, bin, attempts - 1);
    throw error;
  }
  return { url: `postgres://lanyard:${password}@127.0.0.1:${port}/postgres`, ...service };
}

function initdbArguments(folder, data) {
  return [
    `--pgdata=${data}`,
    "--username=lanyard",
    `--pwfile=${join(folder, "password")}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
}

/**
 * What survives a crash of the machine is of no interest here, so nothing waits for the disk. A commit is handed to the
 * system before it is answered all the same: a killed process loses nothing.
 */
function settings(port) {
  return Object.entries({
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    fsync: "off",
    synchronous_commit: "on",
    full_page_writes: "off",
    max_wal_size: "256MB",
  }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** PostgreSQL says so in the last line of its lock file, as `pg_ctl` reads it. */
function isReady(data) {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. */
async function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([attempt("id", ["-u", name]), attempt("id", ["-g", name])]);
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  throw new Error(
    "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody` to run it as.",
  );
}
