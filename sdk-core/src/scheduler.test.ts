import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScheduler } from "./scheduler.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

describe("the scheduler", () => {
  it("runs each task at its time, in order, with one platform timer at most", () => {
    const plans = fc.array(
      fc.tuple(
        fc.constantFrom("a", "b", "c", "d"),
        fc.nat(10_000).map((n) => n * 10),
      ),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(plans, (list) => {
        const time = new VirtualTime();
        const scheduler = createScheduler(time.platform());
        const ran: [string, number][] = [];
        const last = new Map(list);
        for (const [name, delayMs] of list) {
          scheduler.set(name, delayMs, () => ran.push([name, time.now]));
          expect(time.pending).toBeLessThanOrEqual(1);
        }
        time.advance(200_000);
        expect(new Map(ran)).toEqual(last);
        expect(ran.map(([, at]) => at)).toEqual(ran.map(([, at]) => at).sort((a, b) => a - b));
        expect(time.pending).toBe(0);
      }),
    );
  });

  it("waits longer than a platform timer can", () => {
    const time = new VirtualTime();
    const yearMs = 365 * 24 * 3_600_000;
    let ran = 0;
    createScheduler(time.platform()).set("stale", yearMs, () => (ran += 1));
    time.advance(yearMs - 1_000);
    expect(ran).toBe(0);
    time.advance(1_000);
    expect(ran).toBe(1);
  });

  it("keeps the sooner of two plans where asked to, forgets what is cleared, and stops when closed", () => {
    const time = new VirtualTime();
    const scheduler = createScheduler(time.platform());
    const ran: string[] = [];
    scheduler.set("save", 1_000, () => ran.push("soon"));
    scheduler.setSooner("save", 10_000, () => ran.push("late"));
    scheduler.set("gone", 500, () => ran.push("gone"));
    scheduler.clear("gone");
    time.advance(20_000);
    expect(ran).toEqual(["soon"]);
    scheduler.set("never", 10, () => ran.push("never"));
    scheduler.close();
    time.advance(20_000);
    expect(ran).toEqual(["soon"]);
    expect(time.pending).toBe(0);
  });
});
