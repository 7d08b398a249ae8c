import type { ChildProcess } from "node:child_process";
import type { Random } from "../../../testing/random.ts";
import type { Cluster, NodeName, Reader } from "../support/cluster.ts";

/** Breaks something. Resolves with what makes it whole again. */
export type Fault = (cluster: Cluster, random: Random) => Promise<() => Promise<void> | void>;

/** The one application that is killed, and started again from its snapshot. */
const MORTAL = "SDK that dies";
/** Node `c` and its SDK are never killed, so that what grows in them can be seen. */
const MORTAL_NODES = ["a", "b"] as const;

const services: Readonly<Record<string, Fault>> = {
  "Redis killed": async ({ services: { redis } }) => {
    await redis.kill();
    return () => redis.start();
  },
  "Redis hangs": async ({ services: { redis } }) => {
    redis.pause();
    return () => redis.resume();
  },
  "PostgreSQL killed": async ({ services: { postgres } }) => {
    await postgres.kill();
    return () => postgres.start();
  },
  "PostgreSQL hangs": async ({ services: { postgres } }) => {
    postgres.pause();
    return () => postgres.resume();
  },
  "PostgreSQL and Redis killed": async ({ services: { postgres, redis } }) => {
    await Promise.all([postgres.kill(), redis.kill()]);
    return async () => void (await Promise.all([postgres.start(), redis.start()]));
  },
};

const nodes: Readonly<Record<string, Fault>> = {
  "node killed": (cluster, random) => stopNode(cluster, random.pick(MORTAL_NODES), "SIGKILL"),
  "node ended": (cluster, random) => stopNode(cluster, random.pick(MORTAL_NODES), "SIGTERM"),
  "node hangs": async (cluster, random) => hang(cluster.node(random.pick(MORTAL_NODES)).process),
};

const cables: Readonly<Record<string, Fault>> = {
  "node cut off": (cluster) => breakCables(cluster, "cut"),
  "node's packets vanish": (cluster) => breakCables(cluster, "freeze"),
};

const sdks: Readonly<Record<string, Fault>> = {
  "SDK cut off": async (cluster, random) => {
    const { line } = anyReader(cluster, random);
    line.cut();
    return () => line.restore();
  },
  "SDK's packets vanish": async (cluster, random) => {
    const { line } = anyReader(cluster, random);
    line.freeze();
    return () => line.restore();
  },
  "SDK process hangs": async (cluster, random) => hang(anyReader(cluster, random).sdk.process),
  "SDK process killed": async (cluster) => {
    await cluster.removeReader(MORTAL, "SIGKILL");
    return () => addMortal(cluster);
  },
};

/** Two of one group would get in each other's way. */
export const FAULTS = [services, nodes, cables, sdks] as const;

/** It begins from its snapshot. */
export async function addMortal(cluster: Cluster): Promise<void> {
  const options = { dataDir: cluster.folder("sdk"), readyMs: 500 };
  await cluster.addReader(MORTAL, ["b", "a", "c"], options);
}

function anyReader({ readers }: Cluster, random: Random): Reader {
  return random.pick([...readers.values()]);
}

function hang(process: ChildProcess): () => void {
  process.kill("SIGSTOP");
  return () => void process.kill("SIGCONT");
}

async function breakCables(cluster: Cluster, how: "cut" | "freeze") {
  const both = Object.values(cluster.cables);
  for (const cable of both) cable[how]();
  return () => {
    for (const cable of both) cable.restore();
  };
}

async function stopNode(cluster: Cluster, name: NodeName, signal: NodeJS.Signals) {
  await cluster.node(name).stop(signal);
  // While the database is away too, it listens and no more.
  return () => cluster.startNode(name, "listening");
}
