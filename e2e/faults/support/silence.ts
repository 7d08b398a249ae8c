import { setTimeout as sleep } from "node:timers/promises";
import { apiWith } from "../../support/api.ts";
import { startLine } from "../../support/line.ts";
import { type Node, startNode } from "../../support/node.ts";
import { type SdkProcess, startSdkProcess } from "../../support/sdk-process.ts";
import type { Cluster } from "./cluster.ts";
import { readMetric } from "./metrics.ts";

/** How long each side takes to notice that the other is gone, though nothing tells it. */
export interface Silence {
  /** Of an SDK whose stream went silent without an end. */
  readonly sdkNoticedMs: Promise<number>;
  /** From then until a stream serves it again; what it had kept alive is as dead as its stream. */
  readonly sdkBackMs: Promise<number>;
  /** Of an SDK process that hangs: its system goes on taking what is sent. */
  readonly serverNoticedMs: Promise<number>;
  end(): Promise<void>;
}

const INSTANCES = "/api/v1/projects/web/environments/development/instances";
const LOOK_EVERY_MS = 200;

/**
 * What takes most of a minute to notice begins with the suite and is judged at its end, on a node that no other row
 * breaks. That node has no Redis: whoever may have missed words while Redis was away judges nobody.
 */
export async function beginSilence(cluster: Cluster): Promise<Silence> {
  const node = await startNode({ ...cluster.environment(), REDIS_URL: "" });
  const line = await startLine(node.url);
  const cutOff = await startSdkProcess(line.url, cluster.sdkKey);
  const hanging = await startSdkProcess(node.url, cluster.sdkKey);
  const ending = new AbortController();
  const severedAt = Date.now();
  line.sever();
  const noticedAt = becomes(cutOff, "stale", severedAt);
  return {
    sdkNoticedMs: noticedAt.then((at) => at - severedAt),
    sdkBackMs: noticedAt.then(async (at) => (await becomes(cutOff, "live", at)) - at),
    serverNoticedMs: noticedByServer(cluster, node, hanging, ending.signal),
    async end() {
      ending.abort();
      await Promise.all([cutOff.stop("SIGKILL"), hanging.stop("SIGKILL")]);
      await Promise.all([node.stop("SIGKILL"), line.close()]);
    },
  };
}

/** When its client says so for the first time since. */
async function becomes(sdk: SdkProcess, state: string, since: number): Promise<number> {
  const isSo = (detail: unknown) => (detail as { state: string }).state === state;
  const { at } = await sdk.seen(({ event, detail }) => event === "status" && isSo(detail), since);
  return at;
}

async function noticedByServer(
  cluster: Cluster,
  node: Node,
  sdk: SdkProcess,
  ending: AbortSignal,
): Promise<number> {
  const api = apiWith(node, cluster.cookie);
  const known = () => api.call<{ items: unknown[] }>("GET", INSTANCES).then(({ items }) => items.length);
  const cut = () => readMetric(node, "lanyard_silent_streams_cut_total");
  // Only who has said a word is missed; the database may be away meanwhile.
  await until(async () => (await known().catch(() => 0)) >= 2, ending);
  sdk.process.kill("SIGSTOP");
  const hungAt = Date.now();
  await until(async () => (await cut().catch(() => 0)) > 0, ending);
  return Date.now() - hungAt;
}

async function until(holds: () => Promise<boolean>, ending: AbortSignal): Promise<void> {
  while (!ending.aborted && !(await holds())) await sleep(LOOK_EVERY_MS);
}
