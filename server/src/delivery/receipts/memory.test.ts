import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Confirmation, InstanceWord } from "../../fanout/index.ts";
import { turnOf } from "./drill-turns.ts";
import { Instances } from "./instances.ts";
import { OPEN_MS, Tallies } from "./tallies.ts";
import { percentiles } from "./tally.ts";

const MINUTE_MS = 60_000;
const word = (id: string): InstanceWord => ({
  id,
  app: "shop",
  host: "web",
  sdk: null,
  epoch: 1,
  revision: 1,
});
const confirmation = (kill: string, instance: string, effectAt = 0): Confirmation => ({
  kill,
  instance,
  effectAt,
});
const place = { id: "env", key: "production", projectId: "prj", projectKey: "shop" };
const named = (id: string) => ({ id, app: null, host: null });
const present = (instance: string) => ({
  instance,
  environment: "production",
  app: null,
  host: null,
  stale: false,
});

describe("instances", () => {
  test("are there for two minutes, stale after one, forgotten after ten", () => {
    let now = 0;
    const instances = new Instances(() => now);
    instances.note("env", word("i-1"));
    const states = () => {
      instances.forgetOld();
      const known = instances.get("env", "i-1");
      return [known && instances.isStale(known), instances.there("env").length];
    };
    expect(states()).toEqual([false, 1]);
    now = 1.5 * MINUTE_MS;
    expect(states()).toEqual([true, 1]);
    now = 3 * MINUTE_MS;
    expect(states()).toEqual([true, 0]);
    now = 11 * MINUTE_MS;
    expect(states()).toEqual([undefined, 0]);
    expect(instances.size).toBe(0);
  });

  test("are counted by the SDK that they say they run, while they are there", () => {
    let now = 0;
    const instances = new Instances(() => now);
    const say = (id: string, sdk: string | null) => instances.note("env", { ...word(id), sdk });
    say("i-1", "node/0.1.0");
    now = 1.5 * MINUTE_MS;
    say("i-2", "node/0.1.0");
    say("i-3", "node/0.2.0");
    say("i-4", null);
    const counted = () => Object.fromEntries(instances.sdks("env"));
    expect(counted()).toEqual({ "node/0.1.0": 2, "node/0.2.0": 1, null: 1 });
    now = 3 * MINUTE_MS;
    expect(counted()).toEqual({ "node/0.1.0": 1, "node/0.2.0": 1, null: 1 });
    expect(instances.sdks("elsewhere").size).toBe(0);
  });

  test("are bounded, however many say they are there", () => {
    const instances = new Instances();
    for (let at = 0; at < 60_000; at++) instances.note(`env-${at % 7}`, word(`i-${at}`));
    expect(instances.size).toBe(50_000);
    instances.note("env-0", { ...word("i-0"), revision: 2 });
    expect(instances.get("env-0", "i-0")?.revision).toBe(2);
    for (let at = 0; at < 60_000; at++) instances.leave(`env-${at % 7}`, `i-${at}`);
    expect(instances.size).toBe(0);
  });
});

describe("tallies", () => {
  test("keep what a server said too early, however much pages make up", () => {
    const tallies = new Tallies(() => 0);
    for (let at = 0; at < 10_000; at++)
      tallies.confirm("env", { kill: `made-up-${at}`, instance: null, effectAt: 0 });
    tallies.confirm("env", confirmation("kill", "i-1"));
    expect(tallies.takeEarly("kill", "env")).toEqual([confirmation("kill", "i-1")]);
  });

  test("come to the same in whatever order the news arrives", () => {
    const news = ["kill", "i-1", "i-2", "i-2", "i-3", "leave i-4"];
    fc.assert(
      fc.property(fc.shuffledSubarray(news, { minLength: news.length }), (order) => {
        const tallies = new Tallies(() => 1_000);
        for (const each of order) {
          if (each === "kill") {
            const tally = tallies.open("k", { at: 500, drill: false });
            tally?.ask(place, { at: 500, flags: ["checkout"] }, ["i-1", "i-2", "i-3", "i-5"].map(named));
            for (const early of tallies.takeEarly("k", "env")) tallies.confirm("env", early);
          } else if (each.startsWith("leave")) tallies.get("k")?.leave(each.slice(6));
          else tallies.confirm("env", confirmation("k", each, 600));
        }
        const summary = tallies.get("k")?.summary("all-nodes", present);
        expect(summary).toMatchObject({ seen: 4, confirmed: 3, p50Ms: 100, p99Ms: 100 });
        expect(summary?.stragglers.map(({ instance }) => instance)).toEqual(["i-5"]);
      }),
    );
  });

  test("of a kill that grows ask everybody again, and no word of less than all of it counts", () => {
    const says = fc.record({
      instance: fc.constantFrom("i-1", "i-2", "i-3"),
      /** How many of the kill's flags it has heard of by then. */
      flags: fc.integer({ min: 1, max: 3 }),
    });
    const grows = fc.constant("grows" as const);
    const lifts = fc.constant("lifts" as const);
    fc.assert(
      fc.property(fc.array(fc.oneof(says, grows, lifts), { maxLength: 20 }), (news) => {
        const there = ["i-1", "i-2", "i-3"];
        const tallies = new Tallies(() => 1_000);
        const held = new Set<string>();
        const heard = new Map(there.map((id) => [id, new Set<string>()]));
        let grown = 0;
        const grow = () => {
          const flag = `flag-${grown++}`;
          held.add(flag);
          tallies
            .open("k", { at: grown, drill: false })
            ?.ask(place, { at: grown, flags: [flag] }, there.map(named));
        };
        grow();
        for (const each of news) {
          if (each === "grows") grow();
          else if (each === "lifts") {
            const [flag] = held;
            if (flag === undefined) continue;
            held.delete(flag);
            for (const known of heard.values()) known.delete(flag);
            tallies.get("k")?.release(place.id, [flag]);
          } else {
            const known = heard.get(each.instance) as Set<string>;
            for (const flag of [...held].slice(0, each.flags)) known.add(flag);
            tallies.confirm("env", { ...confirmation("k", each.instance, 600), flags: known.size });
          }
        }
        const summary = tallies.get("k")?.summary("all-nodes", present);
        const missed = new Set(summary?.stragglers.map(({ instance }) => instance));
        expect(summary?.seen).toBe(3);
        for (const [id, known] of heard) if (!missed.has(id)) expect(known.size).toBe(held.size);
      }),
    );
  });

  test("close, and those of kills long past are not opened", () => {
    let now = 0;
    const tallies = new Tallies(() => now);
    const tally = tallies.open("k", { at: 0, drill: false });
    tally?.ask(place, { at: 0, flags: ["checkout"] }, [named("i-1")]);
    now = OPEN_MS + 1;
    expect(tallies.confirm("env", confirmation("k", "i-1"))).toBe(false);
    expect(tally?.complete).toBe(false);
    expect(tallies.open("older", { at: 0, drill: false })).toBeUndefined();
  });

  test("are bounded under a flood of kills, of confirmations of kills unknown, and of instances", () => {
    const tallies = new Tallies(() => 0);
    for (let at = 0; at < 20_000; at++) tallies.confirm("env", confirmation("unknown", `i-${at}`));
    expect(tallies.takeEarly("unknown", "env")).toHaveLength(5_000);
    const crowd = Array.from({ length: 40_000 }, (_, at) => named(`i-${at}`));
    for (let kill = 0; kill < 30; kill++) {
      const tally = tallies.open(`k-${kill}`, { at: 0, drill: false });
      tally?.ask(place, { at: 0, flags: ["checkout"] }, crowd);
    }
    let entries = 0;
    for (const [, tally] of tallies.all()) entries += tally.size;
    expect(entries).toBeLessThanOrEqual(540_000);
    expect(tallies.get("k-29")?.size).toBe(40_000);
    expect(tallies.get("k-0")).toBeUndefined();
    for (let kill = 0; kill < 2_000; kill++) tallies.open(`small-${kill}`, { at: 0, drill: false });
    expect([...tallies.all()].length).toBeLessThanOrEqual(500);
  });
});

test("a percentile is a latency that was measured", () => {
  expect(percentiles([])).toEqual({ p50Ms: null, p99Ms: null });
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1 }), (latencies) => {
      const { p50Ms, p99Ms } = percentiles(latencies);
      expect(latencies).toContain(p50Ms);
      expect(latencies).toContain(p99Ms);
      const share = (limit: number) => latencies.filter((each) => each <= limit).length / latencies.length;
      expect(share(p50Ms as number)).toBeGreaterThanOrEqual(0.5);
      expect(share(p99Ms as number)).toBeGreaterThanOrEqual(0.99);
    }),
  );
});

test("each moment belongs to one turn of an environment, the same on every node, and turns follow each other", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1_000, max: 7 * 86_400_000 }),
      fc.integer({ min: 1e12, max: 2e12 }),
      (id, everyMs, now) => {
        const turn = turnOf(id, everyMs, now);
        expect(now - turn).toBeGreaterThanOrEqual(0);
        expect(now - turn).toBeLessThan(everyMs);
        expect(turnOf(id, everyMs, turn)).toBe(turn);
        expect(turnOf(id, everyMs, turn - 1)).toBe(turn - everyMs);
      },
    ),
  );
});
