import type { Ruleset } from "@lanyard/evaluation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStore, type KillEvent } from "./store.ts";
import { booleanFlag, killOf } from "./testing/flags.ts";
import { rulesetOf } from "./testing/protocol-peer.ts";

class Recorder {
  readonly changes: string[][] = [];
  readonly kills: KillEvent[] = [];
  readonly store = createStore(undefined, {
    changed: (keys) => keys.length > 0 && this.changes.push([...new Set(keys)].sort()),
    killed: (event) => this.kills.push(event),
  });

  answer(key: string): unknown {
    return this.store.evaluator.evaluate(key, {}).value;
  }

  reason(key: string): string {
    return this.store.evaluator.evaluate(key, {}).reason;
  }
}

const ruleset = fc
  .record({
    epoch: fc.integer({ min: 1, max: 3 }),
    revision: fc.integer({ min: 1, max: 6 }),
    kills: fc.subarray([killOf("a"), killOf("b")]),
  })
  .map((identity) => rulesetOf({ a: booleanFlag() }, identity));
const source = fc.constantFrom("bootstrap", "cache", "stream", "poll");

describe("the ruleset store", () => {
  it("lets nothing older overwrite within an epoch, and a live server's other epoch always", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ruleset, source), { maxLength: 15 }), (offers) => {
        const { store } = new Recorder();
        for (const [offered, from] of offers) {
          const before = store.evaluator.ruleset;
          const isLive = from === "stream" || from === "poll";
          store.put(offered, from);
          const after = store.evaluator.ruleset;
          if (after.epoch === before.epoch) expect(after.revision).toBeGreaterThanOrEqual(before.revision);
          else if (!isLive) expect(after.epoch).toBeGreaterThan(before.epoch);
          if (isLive && offered.epoch !== before.epoch) expect(after).toMatchObject({ epoch: offered.epoch });
        }
      }),
    );
  });

  it("ends a kill by a lift and by nothing else", () => {
    const step = fc.oneof(
      fc.tuple(ruleset, source).map((offer) => ({ offer })),
      fc.constant({ lift: "b" }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const recorder = new Recorder();
        recorder.store.kill({ elements: [killOf("a")] });
        for (const each of steps) {
          if ("lift" in each) recorder.store.lift({ elements: [killOf(each.lift)] });
          else recorder.store.put(each.offer[0], each.offer[1]);
        }
        if (recorder.store.source !== "none") expect(recorder.reason("a")).toBe("killed");
        recorder.store.lift({ elements: [killOf("a")] });
        if (recorder.store.source !== "none") expect(recorder.reason("a")).toBe("fallthrough");
      }),
    );
  });

  it("applies a patch only to what it was made for", () => {
    const { store } = new Recorder();
    const patch = { epoch: 1, from: 1, to: 2, flags: { a: booleanFlag({ on: false }) }, segments: {} };
    expect(store.patch(patch)).toBe(false);
    store.put(rulesetOf({ a: booleanFlag() }), "stream");
    expect(store.patch({ ...patch, epoch: 2 })).toBe(false);
    expect(store.patch({ ...patch, from: 2, to: 3 })).toBe(false);
    expect(store.patch(patch)).toBe(true);
    expect(store.patch(patch)).toBe(true);
    expect(store.evaluator.ruleset.revision).toBe(2);
  });

  it("names exactly the keys whose answer can have changed", () => {
    const recorder = new Recorder();
    const { store } = recorder;
    const same = booleanFlag();
    const parent = booleanFlag();
    const child = booleanFlag({ prerequisites: [{ flag: "parent", variations: ["on"] }] });
    store.put(rulesetOf({ same, parent, child }), "stream");
    store.put(rulesetOf({ same, parent: booleanFlag(), child }, { revision: 2 }), "stream");
    store.kill({ elements: [killOf("parent")] });
    store.kill({ elements: [killOf("parent", "another")] });
    store.kill({ elements: [killOf("unknown")] });
    store.lift({ elements: [killOf("parent")] });
    store.lift({ elements: [killOf("parent", "another")] });
    const touched = ["child", "parent"];
    expect(recorder.changes).toEqual([["child", "parent", "same"], touched, touched, touched]);
    expect(recorder.kills).toHaveLength(5);
  });

  it("does not name again what went before", () => {
    const recorder = new Recorder();
    const [gone, stays] = [booleanFlag(), booleanFlag()];
    recorder.store.put(rulesetOf({ gone, stays }), "stream");
    recorder.store.kill({ elements: [killOf("unknown")] });
    recorder.store.put(rulesetOf({ stays }, { revision: 2 }), "poll");
    recorder.store.put(rulesetOf({ stays: booleanFlag() }, { revision: 3 }), "poll");
    expect(recorder.changes).toEqual([["gone", "stays"], ["gone"], ["stays"]]);
  });

  it("keeps a kill that came before its flag, and one that another environment's rules do not know", () => {
    const recorder = new Recorder();
    recorder.store.kill({ elements: [killOf("late")] });
    recorder.store.put(rulesetOf({ late: booleanFlag() }), "stream");
    expect(recorder.answer("late")).toBe(false);
    recorder.store.put(rulesetOf({ late: booleanFlag() }, { environmentId: "env_other" }), "stream");
    expect(recorder.reason("late")).toBe("killed");
  });

  it("turns expired flags off without counting as killed, and back", () => {
    const recorder = new Recorder();
    const child = booleanFlag({ prerequisites: [{ flag: "a", variations: ["on"] }] });
    recorder.store.put(rulesetOf({ a: booleanFlag(), b: booleanFlag(), child }), "stream");
    recorder.store.expire(new Set(["a"]));
    expect([recorder.answer("a"), recorder.answer("b")]).toEqual([false, true]);
    expect(recorder.reason("child")).toBe("prerequisite-failed");
    expect(recorder.store.isExpired("a")).toBe(true);
    recorder.store.kill({ elements: [killOf("a")] });
    expect(recorder.store.isExpired("a")).toBe(false);
    recorder.store.expire(new Set());
    expect(recorder.answer("a")).toBe(false);
    recorder.store.lift({ elements: [killOf("a")] });
    expect(recorder.answer("a")).toBe(true);
    expect(recorder.changes.at(-1)).toEqual(["a", "child"]);
  });

  it("gives a snapshot that holds rules, active kills and lifts", () => {
    const { store } = new Recorder();
    const rules: Ruleset = rulesetOf({ a: booleanFlag() }, { kills: [killOf("a"), killOf("b")] });
    store.put(rules, "stream");
    store.lift({ elements: [killOf("b")] });
    expect(store.snapshot()).toEqual({
      ...rules,
      kills: [killOf("a")],
      lifted: [{ id: "kill_b", flag: "b" }],
    });
  });
});
