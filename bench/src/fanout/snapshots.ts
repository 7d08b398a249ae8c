import { gzipSync } from "node:zlib";
import { median } from "../evaluation/measure.ts";
import type { handlers as expressFloor } from "./express-floor.ts";
import type { Polling, handlers as pollerHandlers } from "./pollers.ts";
import type { Product, Project } from "./product.ts";
import { inTurns } from "./rounds.ts";
import type { Remote } from "./rpc.ts";

interface Parts {
  product: Product;
  project: Project;
  floor: Remote<typeof expressFloor>;
  pollers: Remote<typeof pollerHandlers>;
}

const PATH = "/sdk/v1/ruleset";
const CONNECTIONS = 32;

/** Answers a second of the snapshot, unchanged and full, beside a bare Express handler that sends the same bytes. */
export async function measureSnapshots({ product, project, floor, pollers }: Parts, quick: boolean) {
  const headers = { Authorization: `Bearer ${project.sdkKey}`, "Accept-Encoding": "gzip" };
  const answer = await fetch(`http://127.0.0.1:${product.port}${PATH}`, { headers });
  const etag = answer.headers.get("etag") ?? "";
  const body = gzipSync(await answer.text());
  const floorPort = await floor.ask("listen", { etag, base64: body.toString("base64") });

  const measure = async (status: 200 | 304, more: Record<string, string>) => {
    const polling = (port: number): Polling => ({
      port,
      path: PATH,
      headers: { ...headers, ...more },
      status,
      connections: CONNECTIONS,
      ms: quick ? 300 : 2_000,
    });
    const [real, bare] = await inTurns(
      quick ? 2 : 5,
      () => pollers.ask("poll", polling(product.port)),
      () => pollers.ask("poll", polling(floorPort)),
    );
    return { perSecond: median(real), floorPerSecond: median(bare), ratio: median(real) / median(bare) };
  };
  const unchanged = await measure(304, { "If-None-Match": etag });
  const full = await measure(200, {});
  return {
    snapshotBytes: body.length,
    snapshot304PerSecond: unchanged.perSecond,
    snapshot304FloorPerSecond: unchanged.floorPerSecond,
    snapshot304Ratio: unchanged.ratio,
    snapshotFullPerSecond: full.perSecond,
    snapshotFullFloorPerSecond: full.floorPerSecond,
    snapshotFullRatio: full.ratio,
  };
}
