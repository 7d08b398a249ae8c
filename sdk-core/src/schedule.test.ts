import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSchedule } from "./schedule.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

describe("the schedule", () => {
  it("runs the newest plan of each name at its time, and holds one timer a name at most", () => {
    const delayMs = fc.nat(10_000).map((n) => n * 10);
    const plans = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), delayMs), { maxLength: 12 });
    fc.assert(
      fc.property(plans, (list) => {
        const time = new VirtualTime();
        const schedule = createSchedule(time.platform());
        const ran: [string, number][] = [];
        const last = new Map(list);
        for (const [name, delayMs] of list) {
          schedule.set(name, delayMs, () => ran.push([name, time.now]));
          expect(time.pending).toBeLessThanOrEqual(4);
        }
        expect(time.pending).toBe(last.size);
        time.advance(200_000);
        expect(new Map(ran)).toEqual(last);
        expect(ran).toHaveLength(last.size);
        expect(time.pending).toBe(0);
      }),
    );
  });

  it("wakes early rather than at once where a platform timer cannot wait that long", () => {
    const time = new VirtualTime();
    let ran = 0;
    createSchedule(time.platform()).set("stale", 365 * 24 * 3_600_000, () => (ran += 1));
    time.advance(2 ** 31 - 2);
    expect(ran).toBe(0);
    time.advance(1);
    expect(ran).toBe(1);
  });

  it("keeps the sooner of two plans where asked to, forgets what is cleared, and stops when closed", () => {
    const time = new VirtualTime();
    const schedule = createSchedule(time.platform());
    const ran: string[] = [];
    schedule.set("save", 1_000, () => ran.push("soon"));
    schedule.setSooner("save", 10_000, () => ran.push("late"));
    schedule.set("gone", 500, () => ran.push("gone"));
    schedule.clear("gone");
    expect([schedule.has("save"), schedule.has("gone")]).toEqual([true, false]);
    time.advance(20_000);
    expect(ran).toEqual(["soon"]);
    schedule.set("never", 10, () => ran.push("never"));
    schedule.close();
    schedule.set("nor this", 10, () => ran.push("nor this"));
    time.advance(20_000);
    expect(ran).toEqual(["soon"]);
    expect(time.pending).toBe(0);
  });
});
