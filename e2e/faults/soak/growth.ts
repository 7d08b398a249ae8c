import { readdirSync } from "node:fs";
import { query } from "../../support/database.ts";
import type { Cluster } from "../support/cluster.ts";
import { residentBytes } from "../support/memory.ts";
import { readMetric } from "../support/metrics.ts";

/** What must not grow in those that nobody breaks, at one moment. */
export type Sample = Record<string, number>;

/** How much more the last quarter of a run may hold than the first quarter after the warm-up, in parts and in all. */
const ALLOWED: Readonly<Record<string, { share: number; plus: number }>> = {
  "node MB": { share: 0.25, plus: 30 },
  "node heap MB": { share: 0.5, plus: 20 },
  "node handles": { share: 0.1, plus: 5 },
  "SDK MB": { share: 0.25, plus: 30 },
  "SDK handles": { share: 0.1, plus: 5 },
  "PostgreSQL connections": { share: 0.1, plus: 10 },
};

/** Node `c` and its SDK, which live from the beginning to the end. Undefined while PostgreSQL is away. */
export async function takeSample(cluster: Cluster): Promise<Sample | undefined> {
  const node = cluster.node("c");
  const sdk = cluster.reader("SDK of c").sdk.process.pid as number;
  const connections = await query<{ count: string }>(
    cluster.database,
    "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL",
  ).catch(() => []);
  if (!connections[0]) return undefined;
  const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  return {
    "node MB": megabytes(await readMetric(node, "process_resident_memory_bytes")),
    "node heap MB": megabytes(await readMetric(node, "nodejs_heap_size_used_bytes")),
    "node handles": handlesOf(node.process.pid as number),
    "SDK MB": megabytes(residentBytes(sdk)),
    "SDK handles": handlesOf(sdk),
    "PostgreSQL connections": Number(connections[0].count),
  };
}

/** The names of what grew, with how much; the first tenth of the samples is warm-up. */
export function growth(samples: readonly Sample[]): string[] {
  const warm = samples.slice(Math.ceil(samples.length / 10));
  const quarter = Math.ceil(warm.length / 4);
  return Object.entries(ALLOWED).flatMap(([name, { share, plus }]) => {
    const [before, after] = [median(warm.slice(0, quarter), name), median(warm.slice(-quarter), name)];
    return after > before * (1 + share) + plus ? [`${name} grew from ${before} to ${after}`] : [];
  });
}

function median(samples: readonly Sample[], name: string): number {
  const values = samples.map((sample) => sample[name] ?? 0).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

const handlesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
