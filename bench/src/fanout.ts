// One change to many streams, and snapshots to many pollers, each beside its floor. Arguments: --json, --quick.
import { fileURLToPath } from "node:url";
import type { handlers as expressFloor } from "./fanout/express-floor.ts";
import type { handlers as floorHandlers } from "./fanout/floor.ts";
import { measureStreams } from "./fanout/measure-streams.ts";
import type { handlers as pollerHandlers } from "./fanout/pollers.ts";
import { setUp, startProduct } from "./fanout/product.ts";
import { type Probed, startProcess } from "./fanout/rpc.ts";
import { measureSnapshots } from "./fanout/snapshots.ts";
import type { handlers as readerHandlers } from "./fanout/streams.ts";

const quick = process.argv.includes("--quick");
const here = (name: string) => fileURLToPath(new URL(`./fanout/${name}.ts`, import.meta.url));

const product = await startProduct();
const floor = startProcess<typeof floorHandlers & Probed>(here("floor"));
const snapshotFloor = startProcess<typeof expressFloor>(here("express-floor"));
const readers = startProcess<typeof readerHandlers>(here("streams"));
const floorReaders = startProcess<typeof readerHandlers>(here("streams"));
const pollers = startProcess<typeof pollerHandlers>(here("pollers"));

const project = await setUp(product);
const snapshots = await measureSnapshots({ product, project, floor: snapshotFloor, pollers }, quick);
const streams = await measureStreams({ product, project, floor, readers, floorReaders }, quick);
for (const each of [product, floor, snapshotFloor, readers, floorReaders, pollers]) await each.stop();

const report = { ...streams, ...snapshots };
if (process.argv.includes("--json")) console.log(JSON.stringify(report));
else {
  const { streams: fanout, ...rest } = report;
  const rounded = (value: number) => Number(value.toFixed(2));
  const row = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)]));
  console.table(Object.fromEntries(Object.entries(fanout).map(([size, values]) => [size, row(values)])));
  console.table(Object.fromEntries(Object.entries(row(rest)).map(([name, value]) => [name, { value }])));
}
