import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VirtualTime } from "./testing/virtual-time.ts";
import { UsageQueue, type Use } from "./usage.ts";

const KB = 1024;
const use = (flag: string, count = 1): Use => ({ flag, variation: "on", reason: "fallthrough", count });

/** Keeps what arrives as the server does: once per batch id. */
class Ledger {
  readonly batches = new Map<string, Use[]>();
  bodies: string[] = [];
  readonly send = async (body: string): Promise<boolean> => {
    this.bodies.push(body);
    const { batchId, usage } = JSON.parse(body);
    this.batches.set(batchId, usage);
    return true;
  };

  total(): number {
    return [...this.batches.values()].flat().reduce((sum, { count }) => sum + count, 0);
  }
}

describe("usage", () => {
  it("arrives once, whatever is lost on the way there or back", async () => {
    const outcomes = fc.array(fc.constantFrom("arrives", "lost", "answer lost"), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        outcomes,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 }),
        async (ways, counts) => {
          const ledger = new Ledger();
          const queue = new UsageQueue(new VirtualTime().platform(), 256 * KB);
          for (const [i, count] of counts.entries()) {
            queue.add([use(`flag-${i % 3}`, count)]);
            await queue.flush(async (body) => {
              const way = ways[i] ?? "arrives";
              if (way !== "lost") await ledger.send(body);
              if (way === "answer lost") throw new Error("reset");
              return way === "arrives";
            });
          }
          expect(await queue.flush(ledger.send)).toBe(true);
          expect(ledger.total()).toBe(counts.reduce((sum, count) => sum + count, 0));
        },
      ),
    );
  });

  it("repeats a failed batch as it was, under the same id, and keeps what came since apart", async () => {
    const queue = new UsageQueue(new VirtualTime().platform(), 256 * KB);
    const bodies: string[] = [];
    queue.add([use("a", 2)]);
    expect(await queue.flush(async (body) => bodies.push(body) < 0)).toBe(false);
    queue.add([use("a", 5)]);
    const ledger = new Ledger();
    expect(await queue.flush(ledger.send)).toBe(true);
    expect(ledger.bodies[0]).toBe(bodies[0]);
    expect(ledger.total()).toBe(7);
  });

  it("cuts batches at 1,000 rows and at the bytes allowed, in any alphabet", async () => {
    const ledger = new Ledger();
    const queue = new UsageQueue(new VirtualTime().platform(), 256 * KB);
    queue.add(Array.from({ length: 2_500 }, (_, i) => use(`flag-${i}`)));
    queue.add(Array.from({ length: 2_500 }, (_, i) => use(`${"日".repeat(100)}${i}`)));
    await queue.flush(ledger.send);
    expect(ledger.total()).toBe(5_000);
    for (const body of ledger.bodies) {
      expect(JSON.parse(body).usage.length).toBeLessThanOrEqual(1_000);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * KB);
    }
  });

  it("is bounded: what exceeds it is dropped and counted, and what it knows still sums", async () => {
    const ledger = new Ledger();
    const queue = new UsageQueue(new VirtualTime().platform(), 256 * KB);
    queue.add(Array.from({ length: 12_000 }, (_, i) => use(`flag-${i}`, 2)));
    queue.add([use("flag-0", 3)]);
    expect(queue.dropped).toBe(4_000);
    await queue.flush(ledger.send);
    expect(ledger.total()).toBe(20_003);
  });

  it("begins a last batch at once, and a later flush repeats it under its id", async () => {
    const ledger = new Ledger();
    const queue = new UsageQueue(new VirtualTime().platform(), 60 * KB);
    queue.add([use("a", 4)]);
    queue.flushLast(ledger.send);
    expect(ledger.bodies).toHaveLength(1);
    await queue.flush(ledger.send);
    expect(ledger.total()).toBe(4);
  });
});
