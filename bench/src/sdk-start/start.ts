// A process in which one client starts, or what it cannot be faster than.
import { createClient } from "@lanyard/sdk-node";
import { serve } from "../fanout/rpc.ts";

const USER = { targetingKey: "user-1", country: "GB", email: "a@b.example", plan: "free", version: "1.2.3" };

/** What is held, so that it is not garbage while it is weighed. */
const held: unknown[] = [];

/** Processor time so far, which does not grow while others have the processor. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function heapMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

export const handlers = {
  async floor({ url }: { url: string }) {
    const before = heapMb();
    const since = cpuMs();
    const answer = await fetch(`${url}/sdk/v1/ruleset`);
    held.push(JSON.parse(await answer.text()));
    return { startCpuMs: cpuMs() - since, startedMb: heapMb() - before };
  },
  async client({ url, flags }: { url: string; flags: number }) {
    const before = heapMb();
    const since = cpuMs();
    const client = createClient({ url, key: "k" });
    held.push(client);
    const { state } = await client.ready({ timeoutMs: 60_000 });
    const startCpuMs = cpuMs() - since;
    if (state !== "live") throw new Error(`the client is ${state}`);
    const startedMb = heapMb() - before;
    const reading = cpuMs();
    for (let flag = 0; flag < flags; flag++) client.boolean(`flag-${flag}`, USER, false);
    return { startCpuMs, startedMb, firstReadsCpuMs: cpuMs() - reading, readMb: heapMb() - before };
  },
};

serve(handlers);
// Nothing outlives the bench.
process.once("disconnect", () => process.exit());
