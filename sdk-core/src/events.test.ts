import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEvents, type Events, type Metric, type Use } from "./events.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

const KB = 1024;
const use = (flag: string, count = 1): Use => ({ flag, variation: "on", reason: "fallthrough", count });
const metric = (name: string, sum: number): Metric => ({ metric: name, count: 1, sum });

/** Keeps what arrives as a server does, once per batch id; `ways` says what becomes of each batch on its way. */
class Ledger {
  readonly batches = new Map<string, { usage: Use[]; metrics?: Metric[] }>();
  readonly bodies: string[] = [];
  readonly events: Events;

  constructor(...ways: ("arrives" | "lost" | "answer lost")[]) {
    this.events = createEvents(new VirtualTime().platform(), async (batch) => {
      const body = JSON.stringify(batch);
      const way = ways[this.bodies.length] ?? "arrives";
      this.bodies.push(body);
      const { batchId, ...rows } = JSON.parse(body);
      if (way !== "lost") this.batches.set(batchId, rows);
      return way === "arrives";
    });
  }

  uses(): number {
    return [...this.batches.values()]
      .flatMap(({ usage }) => usage)
      .reduce((sum, { count }) => sum + count, 0);
  }

  metrics(): Metric[] {
    return [...this.batches.values()].flatMap(({ metrics = [] }) => metrics);
  }
}

describe("what is counted", () => {
  it("arrives once, whatever is lost on the way there or back", async () => {
    const ways = fc.array(fc.constantFrom("arrives", "lost", "answer lost"), { maxLength: 8 });
    const counts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(ways, counts, async (given, list) => {
        const ledger = new Ledger(...given);
        for (const [i, count] of list.entries()) {
          ledger.events.add([use(`flag-${i % 3}`, count), metric("latency", count)]);
          await ledger.events.flush();
        }
        for (const _ of given) await ledger.events.flush();
        const total = list.reduce((sum, count) => sum + count, 0);
        expect(await ledger.events.flush()).toBe(true);
        expect(ledger.uses()).toBe(total);
        expect(ledger.metrics().reduce((sum, each) => sum + each.sum, 0)).toBe(total);
        expect(ledger.metrics().reduce((sum, each) => sum + each.count, 0)).toBe(list.length);
      }),
    );
  });

  it("is repeated as it was, under the same id, and what came since is kept apart", async () => {
    const ledger = new Ledger("lost");
    ledger.events.add([use("a", 2)]);
    expect(await ledger.events.flush()).toBe(false);
    ledger.events.add([use("a", 5)]);
    expect(await ledger.events.flush()).toBe(true);
    expect(ledger.bodies[1]).toBe(ledger.bodies[0]);
    expect(ledger.uses()).toBe(7);
  });

  it("is cut into batches that a server takes, in any alphabet", async () => {
    const ledger = new Ledger();
    ledger.events.add(Array.from({ length: 600 }, (_, i) => use(`flag-${i}`)));
    ledger.events.add(Array.from({ length: 600 }, (_, i) => use(`${"日".repeat(190)}${i}`)));
    await ledger.events.flush();
    expect(ledger.uses()).toBe(1_200);
    for (const body of ledger.bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * KB);
  });

  it("is bounded: what exceeds it is dropped and counted, and what it knows still sums", async () => {
    const ledger = new Ledger();
    ledger.events.add(Array.from({ length: 12_000 }, (_, i) => use(`flag-${i}`, 2)));
    ledger.events.add([use("flag-0", 3), metric("late", 1)]);
    expect(ledger.events.dropped()).toBe(4_001);
    await ledger.events.flush();
    expect(ledger.uses()).toBe(20_003);
  });

  it("begins a last batch at once, and a later flush repeats it under its id", async () => {
    const ledger = new Ledger();
    ledger.events.add([use("a", 4)]);
    ledger.events.flushLast();
    expect(ledger.bodies).toHaveLength(1);
    await ledger.events.flush();
    expect(ledger.uses()).toBe(4);
  });

  it("under a name that no server takes spoils no batch", async () => {
    const ledger = new Ledger();
    const wrong = ["", "x".repeat(201), "😀".repeat(101), "a\0b", "a\ud83d", 5, undefined] as string[];
    ledger.events.add([...wrong.map((name) => use(name)), ...wrong.map((name) => metric(name, 1))]);
    ledger.events.add([use("a"), metric("m", 1.5)]);
    await ledger.events.flush();
    expect(ledger.uses()).toBe(1);
    expect(ledger.metrics()).toEqual([metric("m", 1.5)]);
  });
});
