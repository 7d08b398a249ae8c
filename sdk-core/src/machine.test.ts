import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Effect, type Event, IDLE, type State, step } from "./machine.ts";

/** What the outside holds after the effects so far. */
class World {
  state: State = IDLE;
  readonly streams = new Set<number>();
  readonly requests = new Set<number>();
  timerMs: number | undefined;
  opened = 0;

  apply(event: Event, draw: number): readonly Effect[] {
    const { state, effects } = step(this.state, event, draw);
    this.state = state;
    // What is over closes by itself.
    if (event.type === "lost") this.#close(event.socket);
    if (event.type === "fetched") this.requests.delete(event.socket);
    if (event.type === "wake") this.timerMs = undefined;
    for (const effect of effects) this.#run(effect);
    return effects;
  }

  #run(effect: Effect): void {
    if (effect.type === "stream") this.streams.add(effect.socket);
    if (effect.type === "fetch") this.requests.add(effect.socket);
    if (effect.type === "stream" || effect.type === "fetch") this.opened += 1;
    if (effect.type === "abort") this.#close(effect.socket);
    if (effect.type === "timer") this.timerMs = effect.ms;
  }

  #close(socket: number): void {
    this.streams.delete(socket);
    this.requests.delete(socket);
  }
}

const loss = fc.oneof(
  fc.constantFrom("dropped", "refused", "unstreamable").map((kind) => ({ kind }) as const),
  fc.double({ min: -1e6, max: 1e12, noNaN: true }).map((ms) => ({ kind: "paced", ms }) as const),
);
/** Sockets are named by how far back they were opened, so that most news is current and some is late. */
type Planned =
  | { event: Exclude<Event, { socket: number }> }
  | { news: (socket: number) => Event; back: number };
const back = fc.constantFrom(0, 0, 0, 1, 2);
const planned: fc.Arbitrary<Planned> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ event: { type: "wake" } as const }) },
  { weight: 1, arbitrary: fc.constant({ event: { type: "hurry" } as const }) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom("bytes", "beat", "damaged", "fetched"), back)
      .map(([type, back]) => ({ news: (socket: number): Event => ({ type, socket }), back })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(loss, back)
      .map(([loss, back]) => ({ news: (socket: number): Event => ({ type: "lost", socket, loss }), back })),
  },
);
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const history = fc.array(fc.tuple(planned, draw), { maxLength: 60 });

function play(world: World, steps: readonly (readonly [Planned, number])[], check: () => void): void {
  for (const [plan, chance] of steps) {
    const event = "event" in plan ? plan.event : plan.news(Math.max(1, world.state.sockets - plan.back));
    world.apply(event, chance);
    check();
  }
}

function started(): World {
  const world = new World();
  world.apply({ type: "start" }, 0);
  return world;
}

describe("the connection machine", () => {
  it("never has two streams or two requests, and a request beside a stream only to repair", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = started();
        play(world, steps, () => {
          expect(world.streams.size).toBeLessThanOrEqual(1);
          expect(world.requests.size).toBeLessThanOrEqual(1);
          if (world.streams.size + world.requests.size === 2) {
            expect(world.state).toMatchObject({ phase: "streaming", repair: [...world.requests][0] });
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it("always has one wake-up planned, in bounds, so that no status is final", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = started();
        play(world, steps, () => {
          world.timerMs ?? expect.fail(`nothing is planned in ${world.state.phase}`);
          expect(world.timerMs).toBeGreaterThanOrEqual(0);
          expect(world.timerMs).toBeLessThanOrEqual(300_000);
        });
        const before = world.opened;
        world.apply({ type: "wake" }, 0.5);
        if (world.state.phase === "waiting") world.apply({ type: "wake" }, 0.5);
        expect(world.opened).toBeGreaterThan(before);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves nothing open and nothing planned once closed, whatever still arrives", () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const world = started();
        play(world, before, () => {});
        world.apply({ type: "close" }, 0.5);
        const closed = world.state;
        play(world, after, () => {});
        expect(world.state).toBe(closed);
        expect([world.streams.size, world.requests.size, world.timerMs]).toEqual([0, 0, undefined]);
      }),
    );
  });

  it("does not change by news of a socket it gave up", () => {
    fc.assert(
      fc.property(history, loss, draw, (steps, late, chance) => {
        const world = started();
        play(world, steps, () => {});
        const open = [...world.streams, ...world.requests];
        for (let socket = 1; socket <= world.state.sockets; socket++) {
          if (open.includes(socket)) continue;
          const { state, effects } = step(world.state, { type: "lost", socket, loss: late }, chance);
          expect(state).toEqual(world.state);
          expect(effects).toEqual([]);
        }
      }),
    );
  });

  it("draws each delay from zero up to a bound that doubles from 0.5 to 30 seconds", () => {
    const world = started();
    const bounds = Array.from({ length: 9 }, () => {
      const dropped = { type: "lost", socket: world.state.sockets, loss: { kind: "dropped" } } as const;
      expect(step(world.state, dropped, 0).effects).toContainEqual({ type: "timer", ms: 0 });
      world.apply(dropped, 0.999999);
      const ms = world.timerMs ?? 0;
      world.apply({ type: "wake" }, 0);
      return Math.round(ms / 100) * 100;
    });
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });

  it("is not talked out of backing off by a server that falls over after each greeting", () => {
    const world = started();
    for (let times = 0; times < 10; times++) {
      const socket = world.state.sockets;
      world.apply({ type: "bytes", socket }, 0);
      world.apply({ type: "beat", socket }, 0);
      world.apply({ type: "lost", socket, loss: { kind: "dropped" } }, 0.999999);
      if (times < 9) world.apply({ type: "wake" }, 0);
    }
    expect(world.timerMs).toBeGreaterThan(29_000);
  });

  it("retries a refused key after 30 to 60 seconds, and waits as long as it is told to", () => {
    for (const chance of [0, 0.5, 0.999]) {
      const world = started();
      world.apply({ type: "lost", socket: 1, loss: { kind: "refused" } }, chance);
      expect(world.timerMs).toBeGreaterThanOrEqual(30_000);
      expect(world.timerMs).toBeLessThanOrEqual(60_000);
    }
    const world = started();
    world.apply({ type: "lost", socket: 1, loss: { kind: "paced", ms: 7_000 } }, 0.9);
    expect(world.timerMs).toBe(7_000);
  });

  it("polls where streaming is impossible, and probes the stream ever more rarely", () => {
    const world = started();
    const pollsBetweenProbes: number[] = [];
    for (let probe = 0; probe < 6; probe++) {
      expect(world.state.phase).toBe("connecting");
      world.apply({ type: "lost", socket: world.state.sockets, loss: { kind: "unstreamable" } }, 0.5);
      let polls = 0;
      while (world.state.phase === "polling") {
        polls += 1;
        world.apply({ type: "fetched", socket: world.state.sockets }, 0.5);
        expect(world.timerMs).toBe(30_000);
        world.apply({ type: "wake" }, 0.5);
      }
      pollsBetweenProbes.push(polls);
    }
    expect(pollsBetweenProbes).toEqual([1, 2, 4, 8, 16, 16]);
  });

  it("gives up a stream that is silent for 45 seconds, counted from the last byte", () => {
    const world = started();
    world.apply({ type: "bytes", socket: 1 }, 0);
    expect(world.timerMs).toBe(45_000);
    expect(world.apply({ type: "bytes", socket: 1 }, 0)).toEqual([{ type: "timer", ms: 45_000 }]);
    expect(world.apply({ type: "wake" }, 0.5)).toContainEqual({ type: "abort", socket: 1 });
    expect(world.state.phase).toBe("waiting");
  });
});
