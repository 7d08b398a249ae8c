import { setTimeout } from "node:timers/promises";
import { killFramesMade, readStream, streamPath } from "./capture.ts";
import type { handlers as floorHandlers } from "./floor.ts";
import type { Product, Project } from "./product.ts";
import { inTurns, middle } from "./rounds.ts";
import type { Probed, Remote } from "./rpc.ts";
import type { Broadcast, Opened, handlers as readerHandlers, Seen, Target } from "./streams.ts";

interface Parts {
  product: Product;
  project: Project;
  floor: Remote<typeof floorHandlers & Probed>;
  readers: Remote<typeof readerHandlers>;
  floorReaders: Remote<typeof readerHandlers>;
}

/** One side of the comparison: a server, its readers, and how to make it write to all of them. */
interface Side {
  remote: Remote<Probed>;
  readers: Remote<typeof readerHandlers>;
  target: Target;
  kill(): Promise<Seen>;
}

interface Row extends Seen {
  floorP50: number;
  floorP99: number;
  floorMax: number;
  /** Of the two p99. */
  ratio: number;
}

interface Sample {
  size: number;
  real: number;
  bare: number;
}

/** New streams that the product lets in at once; so many are opened on both sides to compare the cost of one. */
const BURST = 2_000;
const BURST_RETURNS_MS = 3_000;

export async function measureStreams(parts: Parts, quick: boolean) {
  const sizes = quick ? [50, 100, 200] : [100, 1_000, 10_000];
  const rounds = quick ? 3 : 11;
  const [real, bare] = await bothSides(parts);
  const before = await killFramesMade(parts.product);
  const streams: Record<string, Row> = {};
  const memory: Sample[] = [];
  let size = 0;
  for (const wanted of sizes) {
    const count = wanted - size;
    await Promise.all([real, bare].map((side) => side.readers.ask("open", { ...side.target, count })));
    size = wanted;
    memory.push({ size, real: await rss(real), bare: await rss(bare) });
    streams[size] = rowOf(...(await inTurns(rounds, real.kill, bare.kill)));
  }
  return {
    streams,
    framesPerKill: ((await killFramesMade(parts.product)) - before) / (rounds * sizes.length),
    ...memoryOf(memory),
    ...(await accepts(real, bare, Math.min(BURST, size))),
    ...(await catchUp(parts, real, bare, size)),
  };
}

async function bothSides(parts: Parts): Promise<[real: Side, bare: Side]> {
  const { product, project, floor, readers, floorReaders } = parts;
  const path = await streamPath(product, project);
  const opening = await readStream(product, project, path, "heartbeat");
  const killed = await readStream(product, project, path, "kill", () => killOnce(product, project));
  const floorPort = await floor.ask("listen", undefined);
  await floor.ask("prepare", { opening: opening.join(""), frame: killed.at(-1) ?? "" });
  const target = { port: product.port, path, headers: { Authorization: `Bearer ${project.sdkKey}` } };
  return [
    { remote: product.remote, readers, target, kill: () => killAndLift(parts) },
    {
      remote: floor,
      readers: floorReaders,
      target: { ...target, port: floorPort },
      kill: () => floorReaders.ask("broadcast", killCall(floorPort, project)),
    },
  ];
}

function killCall(port: number, { killKey }: Project): Broadcast {
  const body = { project: "web", environments: ["development"], flags: ["flag-1"], reason: "measured" };
  return {
    port,
    path: "/api/v1/kills",
    headers: { Authorization: `Bearer ${killKey}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
    marker: "event: kill",
  };
}

async function killOnce({ port }: Product, project: Project): Promise<void> {
  const { path, headers, body } = killCall(port, project);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body });
  const { id } = (await answer.json()) as { id: string };
  await project.call("POST", `/kills/${id}/lift`, {});
}

/** Lifted after, so that every round's kill is a new one. */
async function killAndLift({ product, project, readers }: Parts): Promise<Seen> {
  const { answer, ...seen } = await readers.ask("broadcast", killCall(product.port, project));
  const { id } = JSON.parse(answer) as { id: string };
  await project.call("POST", `/kills/${id}/lift`, {});
  await setTimeout(500);
  return seen;
}

function rowOf(realRounds: Seen[], bareRounds: Seen[]): Row {
  const seen = middle(realRounds);
  const { p50: floorP50, p99: floorP99, max: floorMax } = middle(bareRounds);
  return { ...seen, floorP50, floorP99, floorMax, ratio: seen.p99 / floorP99 };
}

async function rss({ remote }: Side): Promise<number> {
  await setTimeout(1_000);
  return remote.ask("memory", undefined);
}

/** Bytes a stream, from the smallest set to the largest, so that what is there without streams does not count. */
function memoryOf(samples: Sample[]) {
  const [first, last] = [samples[0], samples.at(-1)] as [Sample, Sample];
  const perStream = (side: "real" | "bare") => (last[side] - first[side]) / (last.size - first.size);
  const [memoryPerStream, floorMemoryPerStream] = [perStream("real"), perStream("bare")];
  return { memoryPerStream, floorMemoryPerStream, memoryRatio: memoryPerStream / floorMemoryPerStream };
}

async function accepts(real: Side, bare: Side, count: number) {
  const perSecond = ({ ms }: Opened) => (count / ms) * 1_000;
  return {
    acceptsPerSecond: perSecond(await comeBack(real, real.target, count)),
    floorAcceptsPerSecond: perSecond(await comeBack(bare, bare.target, count)),
  };
}

/** All streams come back at once, one change behind; the floor sends the same bytes, and asks nobody to wait. */
async function catchUp({ product, project, floor }: Parts, real: Side, bare: Side, count: number) {
  await project.call("PATCH", "/projects/web/flags/flag-1/environments/development", {
    on: true,
    message: "measured",
  });
  const path = await streamPath(product, project, 1);
  const opening = await readStream(product, project, path, "heartbeat");
  await floor.ask("prepare", { opening: opening.join(""), frame: "" });
  const { ms: catchUpMs, refused: catchUpRefused } = await comeBack(real, { ...real.target, path }, count);
  const { ms: floorCatchUpMs } = await comeBack(bare, bare.target, count);
  return { catchUpMs, catchUpRefused, floorCatchUpMs };
}

async function comeBack({ readers }: Side, target: Target, count: number): Promise<Opened> {
  await readers.ask("close", undefined);
  await setTimeout(BURST_RETURNS_MS);
  return readers.ask("open", { ...target, count, atOnce: true });
}
