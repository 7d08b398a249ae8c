import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Asked, Cluster, ENVIRONMENTS } from "./testing/model-cluster.ts";
import { FLAGS } from "./testing/model-postgres.ts";

const RUNS = 5_000;
const BEGIN = Date.parse("2026-11-22T03:00:00.000Z");

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: BEGIN });
});
afterAll(() => {
  vi.useRealTimers();
});

/** One thing that happens; a second passes with each. */
class Happening implements fc.AsyncCommand<object, Cluster> {
  readonly #name: string;
  readonly #happen: (cluster: Cluster) => Promise<unknown> | unknown;
  constructor(name: string, happen: (cluster: Cluster) => Promise<unknown> | unknown) {
    this.#name = name;
    this.#happen = happen;
  }
  check = () => true;
  async run(_model: object, cluster: Cluster): Promise<void> {
    vi.setSystemTime(Date.now() + 1_000);
    await this.#happen(cluster);
    await cluster.settle();
  }
  toString = () => this.#name;
}

const node = fc.nat({ max: 2 });
const which = fc.nat({ max: 5 });
const flags = fc.subarray(FLAGS, { minLength: 1 });
const asked: fc.Arbitrary<Asked> = fc.record({
  key: fc.constantFrom("runbook", "page"),
  once: fc.boolean(),
  flags,
  lastsMs: fc.constantFrom(0, 0, 2_500, 8_500),
});
const happening = <Values extends unknown[]>(
  name: string,
  values: fc.Arbitrary<Values>,
  happen: (cluster: Cluster, ...values: Values) => Promise<unknown> | unknown,
) =>
  values.map(
    (given) => new Happening(`${name} ${JSON.stringify(given)}`, (cluster) => happen(cluster, ...given)),
  );

const happenings = [
  happening("kill", fc.tuple(node, asked), (cluster, at, request) => cluster.kill(at, request)),
  happening("kill again elsewhere", fc.tuple(node, node, asked), async (cluster, one, other, request) => {
    await cluster.kill(one, request);
    await cluster.kill(other, request);
  }),
  happening("lift", fc.tuple(node, which), (cluster, at, kill) => cluster.lift(at, kill)),
  happening("break glass", fc.tuple(node, which, flags), (cluster, at, kill, some) =>
    cluster.breakGlass(at, kill, some),
  ),
  happening("expire", fc.tuple(node), (cluster, at) => cluster.expire(at)),
  happening("change", fc.tuple(node, which), (cluster, at, environment) => cluster.change(at, environment)),
  happening("look", fc.tuple(node), (cluster, at) => cluster.node(at).look()),
  happening("drain", fc.tuple(node), (cluster, at) => cluster.node(at).running?.lane.drain()),
  happening("save", fc.tuple(node), (cluster, at) => cluster.node(at).save()),
  happening(
    "message",
    fc.tuple(node, fc.constantFrom("first" as const, "last" as const, "lost" as const)),
    (cluster, at, order) => cluster.node(at).deliver(order),
  ),
  happening("crash", fc.tuple(node), (cluster, at) => cluster.node(at).crash()),
  happening("start", fc.tuple(node), async (cluster, at) => {
    if (cluster.node(at).running) return;
    cluster.node(at).start();
    await cluster.node(at).look();
  }),
  happening("cut from postgres", fc.tuple(node, fc.boolean()), (cluster, at, reaches) => {
    cluster.node(at).reachesPostgres = reaches;
  }),
  happening("cut from redis", fc.tuple(node, fc.boolean()), (cluster, at, reaches) => {
    cluster.node(at).reachesRedis = reaches;
  }),
  happening("postgres", fc.tuple(fc.boolean()), (cluster, up) => {
    cluster.postgres.up = up;
  }),
  happening("redis", fc.tuple(fc.boolean()), (cluster, up) => {
    cluster.redis.up = up;
  }),
  happening("wipe redis", fc.tuple(), (cluster) => cluster.redis.shelf.clear()),
  happening("lose an answer", fc.tuple(), (cluster) => {
    cluster.postgres.loseNextAnswer = true;
  }),
  happening("back up", fc.tuple(), (cluster) => cluster.postgres.backUp()),
  happening("restore", fc.tuple(node), (cluster, at) => cluster.restore(at)),
  happening("sdk connects", fc.tuple(node, node), (cluster, sdk, at) =>
    cluster.sdk(sdk).connect(cluster.node(at)),
  ),
];

test("whatever breaks in whatever order, all agree in the end: nothing acknowledged is lost, nothing lifted comes back, no lift ends another kill", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(happenings, { maxCommands: 30, size: "max" }), async (commands) => {
      vi.setSystemTime(BEGIN);
      const cluster = new Cluster();
      try {
        for (const each of cluster.nodes) await each.look();
        await fc.asyncModelRun(() => ({ model: {}, real: cluster }), commands);
        await cluster.heal();
        for (const environmentId of ENVIRONMENTS) {
          const { postgres, ...others } = cluster.views(environmentId);
          for (const [who, view] of Object.entries(others)) expect([who, view]).toEqual([who, postgres]);
          const down = [...new Set((postgres ?? []).map((name) => name.split(" ")[0]))].sort();
          expect(down).toEqual(expect.arrayContaining(cluster.required(environmentId)));
          expect(cluster.allowed(environmentId)).toEqual(expect.arrayContaining(down));
        }
        expect(new Set(cluster.postgres.record).size).toBe(cluster.postgres.record.length);
        expect(cluster.redis.shelf.size).toBe(0);
        expect(cluster.nodes.every((each) => each.isIdle())).toBe(true);
      } finally {
        await cluster.close();
      }
    }),
    { numRuns: RUNS },
  );
}, 300_000);
