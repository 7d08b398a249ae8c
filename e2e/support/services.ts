import { readdirSync, readFileSync } from "node:fs";
import { hireJanitor } from "../../scripts/process/janitor.mjs";
import { startPostgres } from "../../scripts/services/postgres.mjs";
import { startRedis } from "../../scripts/services/redis.mjs";

/** A service of the spec's own, which it may stop, kill and start again. */
export interface Service {
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Stops every process of it in mid-step: connections stay open, nothing answers. */
  pause(): void;
  resume(): void;
}

export interface Services {
  postgres: Service;
  redis: Service;
  /** Ends both and removes their folders. */
  end(): Promise<void>;
}

export async function ownServices(): Promise<Services> {
  const { LANYARD_JANITOR: mark } = process.env;
  const janitor = hireJanitor();
  const [postgres, redis] = await Promise.all([startPostgres(janitor), startRedis(janitor)]);
  // What is started from here on does not end with these services: the worker's browser, for one.
  if (mark !== undefined) process.env.LANYARD_JANITOR = mark;
  return { postgres: pausable(postgres), redis: pausable(redis), end: () => janitor.sweep() };
}

type Daemon = Omit<Service, "pause" | "resume"> & { pid(): number };

function pausable(daemon: Daemon): Service {
  // PostgreSQL's sessions lead process groups of their own; the parent goes first, so that none is added meanwhile.
  const signalAll = (signal: NodeJS.Signals) => {
    process.kill(daemon.pid(), signal);
    for (const child of childrenOf(daemon.pid())) signalIfThere(child, signal);
  };
  return { ...daemon, pause: () => signalAll("SIGSTOP"), resume: () => signalAll("SIGCONT") };
}

/** A session may have ended since it was seen. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === parent).map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}
