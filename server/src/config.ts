import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

export interface Config {
  port: number;
  host: string;
  /** What people and SDKs type; links and cookies follow from it. */
  publicUrl: URL;
  /** Number of proxies in front whose `X-Forwarded-*` are believed; 0 believes none. */
  trustProxy: number;
  dataDir: string;
  /** Whether `dataDir` outlives the machine: decides if the kill journal counts as durable. */
  dataDirPersistent: boolean;
  /** Absent: the embedded database in `dataDir`. */
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** Other nodes, told of kills directly. */
  peers: URL[];
  secrets: { current: string; previous: string | undefined };
  /** How often each environment's kill lane is tried; 0 never. */
  drillEveryMs: number;
  /** Processes on this port. */
  workers: number;
  /** In one of them: by which name they know each other. */
  workerGroup: string | undefined;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
}

/** Thrown at start with the whole list of faults. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(faults: string[]) {
    super(
      `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    );
  }
}

const text = z.string().trim();
const urlOf = (protocols: RegExp, example: string) =>
  text.refine((value) => URL.canParse(value) && protocols.test(new URL(value).protocol), {
    message: `must be a URL such as ${example}`,
  });

const Environment = z.object({
  PORT: z.coerce.number({ error: "must be a number from 0 to 65535" }).int().min(0).max(65_535).default(4242),
  HOST: text.default("0.0.0.0"),
  PUBLIC_URL: urlOf(/^https?:$/, "https://flags.example.com").optional(),
  TRUST_PROXY: z.coerce
    .number({ error: "must be how many proxies are in front: 0, 1, 2 …" })
    .int()
    .min(0)
    .max(10)
    .default(0),
  DATA_DIR: text.default("data"),
  DATA_DIR_PERSISTENT: z.stringbool({ error: "must be true or false" }).default(true),
  DATABASE_URL: urlOf(/^postgres(ql)?:$/, "postgres://user:password@host:5432/lanyard").optional(),
  REDIS_URL: urlOf(/^rediss?:$/, "redis://host:6379").optional(),
  PEERS: text
    .transform((value) => value.split(",").map((url) => url.trim()))
    .pipe(z.array(urlOf(/^https?:$/, "http://node-b:4242")).max(100))
    .optional(),
  LANYARD_SECRET: text
    .min(32, "must have at least 32 characters; make one with: openssl rand -base64 48")
    .optional(),
  LANYARD_SECRET_PREVIOUS: text.min(32, "must have at least 32 characters").optional(),
  DRILL_EVERY_MINUTES: z.coerce
    .number({ error: "must be a number of minutes, or 0 for never" })
    .int()
    .min(0)
    .max(10_080)
    .default(60),
  WORKERS: z.coerce.number({ error: "must be a number from 1 to 64" }).int().min(1).max(64).default(1),
  LOG_LEVEL: z
    .enum(["silent", "error", "warn", "info", "debug"], {
      error: "must be silent, error, warn, info or debug",
    })
    .default("info"),
});

/** Reads and checks everything at once. The only reader of `process.env`. */
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  args: string[] = process.argv.slice(2),
): Config {
  const { given, group, faults } = readGiven(env, args);
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    faults.push(...parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
  if (given.DATABASE_URL && !given.LANYARD_SECRET)
    faults.push(
      "LANYARD_SECRET is required with DATABASE_URL, the same on every node; make one with: openssl rand -base64 48",
    );
  if (given.REDIS_URL && !given.DATABASE_URL)
    faults.push("REDIS_URL needs DATABASE_URL: the embedded database serves one process only");
  if (parsed.success && parsed.data.WORKERS > 1 && !given.DATABASE_URL)
    faults.push("WORKERS above 1 needs DATABASE_URL: the embedded database serves one process only");
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const values = parsed.data;
  const dataDir = resolve(values.DATA_DIR);
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: new URL(values.PUBLIC_URL ?? `http://localhost:${values.PORT}`),
    trustProxy: values.TRUST_PROXY,
    dataDir,
    dataDirPersistent: values.DATA_DIR_PERSISTENT,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    peers: (values.PEERS ?? []).map((url) => new URL(url)),
    secrets: {
      current: values.LANYARD_SECRET ?? embeddedSecret(dataDir),
      previous: values.LANYARD_SECRET_PREVIOUS,
    },
    drillEveryMs: values.DRILL_EVERY_MINUTES * 60_000,
    workers: values.WORKERS,
    workerGroup: group,
    logLevel: values.LOG_LEVEL,
  };
}

/** The environment, with `--workers` over it; `--group` is what a primary process tells its workers. */
function readGiven(env: NodeJS.ProcessEnv, args: string[]) {
  // An empty variable is what compose files and CI make of an unset one.
  const given: NodeJS.ProcessEnv = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== ""),
  );
  const options = { workers: { type: "string" }, group: { type: "string" } } as const;
  try {
    const { workers, group } = parseArgs({ args, options }).values;
    if (workers !== undefined) given.WORKERS = workers;
    return { given, group, faults: [] as string[] };
  } catch (error) {
    return { given, group: undefined, faults: [(error as Error).message] };
  }
}

/** Made once, readable by its owner only, and kept with the embedded database that it protects. */
function embeddedSecret(dataDir: string): string {
  const file = join(dataDir, "secret");
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!existsSync(file))
      writeFileSync(file, randomBytes(48).toString("base64"), { mode: 0o600, flag: "wx" });
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigError([`DATA_DIR ${dataDir} cannot be written (${(cause as Error).message})`]);
  }
}
