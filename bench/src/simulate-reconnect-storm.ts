// A million SDKs lose their streams at one moment: the product's own pacing, beside none. Arguments: clients, nodes, seed.
import { randomFrom } from "../../testing/random.ts";
import { COSTS } from "./storm/costs.ts";
import { PACED, type Storm, simulate, UNPACED } from "./storm/storm.ts";

const [clients = 1_000_000, nodes = 100, seed = 1] = process.argv.slice(2).map(Number);

const few = Math.max(1, Math.round(nodes / 10));
const runs = [
  { name: "a load balancer restarts", nodes, outageMs: 0 },
  { name: "no node for half a minute", nodes, outageMs: 30_000 },
  { name: "half a minute, then a tenth of the nodes", nodes: few, outageMs: 30_000 },
];

console.log(`${clients} clients, ${nodes} nodes, seed ${seed}; a node's thread: ${JSON.stringify(COSTS)}`);
const rows = runs.flatMap(({ name, ...run }) =>
  Object.entries({ paced: PACED, unpaced: UNPACED }).map(([kind, pacing]) => {
    const storm = simulate({ ...run, pacing, clients, costs: COSTS, random: randomFrom(seed).next });
    return [`${name}, ${kind}`, shown(storm)] as const;
  }),
);
console.table(Object.fromEntries(rows));

function shown({ backMs, peakPerSecond, longestWaitMs, asked, wasted }: Storm) {
  const seconds = (ms: number) => Number((ms / 1_000).toFixed(1));
  return {
    "half back, s": seconds(backMs.half),
    "99 % back, s": seconds(backMs.most),
    "all back, s": seconds(backMs.all),
    "peak asked/s of a node": peakPerSecond.asked,
    "peak opened/s of a node": peakPerSecond.opened,
    "longest wait at a node, s": seconds(longestWaitMs),
    "requests a client": Number((asked / clients).toFixed(2)),
    "read for nobody": wasted,
  };
}
