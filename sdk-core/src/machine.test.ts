import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Event, type Loss, START, type State, step } from "./machine.ts";

/** Runs states as the connection does, and holds what is open outside. */
class World {
  state: State = START;
  readonly open = new Set<number>();
  opened = 0;

  constructor() {
    this.apply("wake", 0);
  }

  apply(event: Event, draw: number): void {
    const before = this.state;
    this.state = step(before, event, draw);
    if (this.state.socket === before.socket) return;
    this.open.delete(before.socket);
    if (!this.hasSocket()) return;
    this.open.add(this.state.socket);
    this.opened += 1;
  }

  hasSocket(): boolean {
    return this.state.phase !== "waiting" && this.state.phase !== "closed";
  }

  /** What can happen in this phase: there is no news of a socket that is not open. */
  can(event: Event): boolean {
    const { phase } = this.state;
    if (event === "bytes") return phase === "connecting" || phase === "streaming";
    if (event === "beat") return phase === "streaming";
    if (event === "polled") return phase === "polling";
    return ["wake", "hurry", "close"].includes(event as string) || this.hasSocket();
  }
}

const loss: fc.Arbitrary<Loss> = fc.oneof(
  fc.constantFrom("dropped", "refused", "unstreamable"),
  fc.double({ min: -1e6, max: 1e12, noNaN: true }),
);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.constant("wake") },
  { weight: 1, arbitrary: fc.constant("hurry") },
  { weight: 8, arbitrary: fc.constantFrom("bytes", "beat", "polled") },
  { weight: 4, arbitrary: loss },
);
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const history = fc.array(fc.tuple(event, draw), { maxLength: 60 });

function play(world: World, steps: readonly (readonly [Event, number])[], check: () => void): void {
  for (const [each, chance] of steps) {
    if (!world.can(each)) continue;
    world.apply(each, chance);
    check();
  }
}

describe("the connection machine", () => {
  it("has one socket at most: the newest, and none while it waits", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = new World();
        play(world, steps, () => {
          expect([...world.open]).toEqual(world.hasSocket() ? [world.state.socket] : []);
        });
      }),
      { numRuns: 500 },
    );
  });

  it("always has a wake-up in bounds, which leads to another attempt, so that no status is final", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = new World();
        play(world, steps, () => {
          expect(world.state.wakeMs).toBeGreaterThanOrEqual(0);
          expect(world.state.wakeMs).toBeLessThanOrEqual(300_000);
        });
        const before = world.opened;
        world.apply("wake", 0.5);
        if (world.state.phase === "waiting") world.apply("wake", 0.5);
        expect(world.opened).toBeGreaterThan(before);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves nothing open once closed, whatever still arrives", () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const world = new World();
        play(world, before, () => {});
        world.apply("close", 0.5);
        const closed = world.state;
        for (const [each, chance] of after) world.apply(each, chance);
        expect(world.state).toBe(closed);
        expect(world.open.size).toBe(0);
      }),
    );
  });

  it("draws each delay from zero up to a bound that doubles from 0.5 to 30 seconds", () => {
    const world = new World();
    const bounds = Array.from({ length: 9 }, () => {
      expect(step(world.state, "dropped", 0)).toMatchObject({ phase: "waiting", wakeMs: 0 });
      world.apply("dropped", 0.999999);
      const ms = world.state.wakeMs;
      world.apply("wake", 0);
      return Math.round(ms / 100) * 100;
    });
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });

  it("is not talked out of backing off by a server that falls over after each greeting", () => {
    const world = new World();
    for (let times = 0; times < 10; times++) {
      world.apply("bytes", 0);
      world.apply("beat", 0);
      world.apply("dropped", 0.999999);
      if (times < 9) world.apply("wake", 0);
    }
    expect(world.state.wakeMs).toBeGreaterThan(29_000);
  });

  it("forgets earlier failures at a second heartbeat", () => {
    const world = new World();
    for (let times = 0; times < 8; times++) {
      world.apply("dropped", 0.5);
      world.apply("wake", 0);
    }
    for (const each of ["bytes", "beat", "beat"] as const) world.apply(each, 0);
    world.apply("dropped", 0.999999);
    expect(world.state.wakeMs).toBeLessThan(500);
  });

  it("retries a refused key after 30 to 60 seconds, and waits as long as it is told to", () => {
    const refused = [0, 0.999999].map((chance) => step(new World().state, "refused", chance).wakeMs);
    expect(refused[0]).toBe(30_000);
    expect(refused[1]).toBeCloseTo(60_000, -1);
    expect(step(new World().state, 7_000, 0.9).wakeMs).toBe(7_000);
  });

  it("polls where streaming is impossible, and probes the stream ever more rarely", () => {
    const world = new World();
    const pollsBetweenProbes: number[] = [];
    for (let probe = 0; probe < 6; probe++) {
      expect(world.state.phase).toBe("connecting");
      world.apply("unstreamable", 0.5);
      let polls = 0;
      while (world.state.phase === "polling") {
        polls += 1;
        world.apply("polled", 0.5);
        // One silent connection proves nothing yet.
        expect(world.state.wakeMs).toBe(probe === 0 ? 250 : 30_000);
        world.apply("wake", 0.5);
      }
      pollsBetweenProbes.push(polls);
    }
    expect(pollsBetweenProbes).toEqual([1, 2, 4, 8, 16, 16]);
  });

  it("asks for the rules in between where streams are cut off again and again", () => {
    const world = new World();
    const phases = Array.from({ length: 7 }, () => {
      const { phase } = world.state;
      world.apply(phase === "polling" ? "polled" : "dropped", 0.5);
      world.apply("wake", 0.5);
      return phase;
    });
    const round = ["connecting", "polling"];
    expect(phases).toEqual(["connecting", "connecting", ...round, ...round, "connecting"]);
  });

  it("is back on the stream in a moment when a poll finds the server again after an outage", () => {
    const world = new World();
    for (let times = 0; times < 3; times++) {
      world.apply("dropped", 0.5);
      world.apply("wake", 0.5);
    }
    expect(world.state.phase).toBe("polling");
    world.apply("polled", 0.99);
    expect(world.state.wakeMs).toBeLessThan(500);
    world.apply("wake", 0.5);
    expect(world.state.phase).toBe("connecting");
    // Only heartbeats prove that it lasts.
    expect(world.state.failures).toBe(3);
  });

  it("returns to the stream when a poll fails too", () => {
    const world = new World();
    for (let times = 0; times < 3; times++) {
      world.apply("unstreamable", 0.5);
      world.apply("dropped", 0.5);
      world.apply("wake", 0.5);
      expect(world.state.phase).toBe("connecting");
    }
  });

  it("gives up a stream without heartbeats for 45 seconds, and takes one that never had any for unstreamable", () => {
    const world = new World();
    expect(world.state.wakeMs).toBe(10_000);
    expect(step(world.state, "wake", 0).phase).toBe("polling");
    world.apply("bytes", 0);
    expect(world.state.wakeMs).toBe(45_000);
    expect(step(world.state, "wake", 0).phase).toBe("polling");
    world.apply("beat", 0);
    expect(world.state.wakeMs).toBe(45_000);
    expect(step(world.state, "bytes", 0)).toBe(world.state);
    world.apply("wake", 0.5);
    expect(world.state.phase).toBe("waiting");
  });

  it("ends a wait early when hurried, and nothing else", () => {
    const world = new World();
    const { state } = world;
    world.apply("hurry", 0);
    expect(world.state).toBe(state);
    world.apply("refused", 0.5);
    world.apply("hurry", 0);
    expect(world.state.phase).toBe("connecting");
  });
});
