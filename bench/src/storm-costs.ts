// What a node spends on a stream let in, one told to come later and a ruleset: the inputs of the reconnect storm.
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setUp, startProduct } from "./fanout/product.ts";
import { startProcess } from "./fanout/rpc.ts";
import type { handlers } from "./fanout/streams.ts";

/** Fewer than a node lets in at once. */
const STREAMS = 1_500;
const CROWD = 6_000;
const REQUESTS = 2_000;
const BURST_RETURNS_MS = 3_000;

const product = await startProduct();
const readers = startProcess<typeof handlers>(fileURLToPath(new URL("./fanout/streams.ts", import.meta.url)));
const { sdkKey } = await setUp(product);
const headers = { Authorization: `Bearer ${sdkKey}` };
const target = { port: product.port, path: "/sdk/v1/stream", headers };

/** Milliseconds of the node's processor: unlike its clock, they are the same on a busy machine. */
async function spentMs(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${product.port}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1_000;
}

async function spentOn(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = await spentMs();
  await work();
  return ((await spentMs()) - before) / count;
}

/** Each on a connection of its own, as clients come that lost theirs. */
async function ask(path: string, headers: Record<string, string>): Promise<void> {
  for (let count = 0; count < REQUESTS; count += 1) {
    const asked = get({ host: "127.0.0.1", port: product.port, path, headers, agent: false });
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    answer.resume();
    await once(answer, "end");
  }
}

/** More than a node lets in, so that it tells some to come later. */
async function crowded(): Promise<{ spentMs: number; refused: number }> {
  await readers.ask("close", undefined);
  let refused = 0;
  const each = await spentOn(1, async () => {
    ({ refused } = await readers.ask("open", { ...target, count: CROWD, atOnce: true }));
  });
  return { spentMs: each, refused };
}

const open = () => readers.ask("open", { ...target, count: STREAMS });
const poll = () => ask("/sdk/v1/ruleset", headers);
for (const warmUp of [open, poll]) await warmUp();
await readers.ask("close", undefined);
await setTimeout(BURST_RETURNS_MS);
const openMs = await spentOn(STREAMS, open);
const crowd = await crowded();
const refuseMs = (crowd.spentMs - CROWD * openMs) / crowd.refused;
const pollMs = await spentOn(REQUESTS, poll);
console.log(JSON.stringify({ openMs, refuseMs, refused: crowd.refused, pollMs }));
await readers.stop();
await product.stop();
