// npm run test:faults -- --soak 60m [--seed 7]: random faults for as long as you like.
import { parseArgs } from "node:util";
import type { Sample } from "./growth.ts";
import { type Soaked, soak } from "./soak.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const SHOWN_SAMPLES = 12;

const { values } = parseArgs({ options: { soak: { type: "string" }, seed: { type: "string" } } });
const [, amount, unit = ""] = values.soak?.match(/^(\d+)([smh])$/) ?? [];
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
if (!amount || !Number.isInteger(seed)) {
  console.error("usage: npm run test:faults -- --soak 60m [--seed 7]");
  process.exit(2);
}
console.log(`soak of ${values.soak}, seed ${seed}`);
const began = Date.now();
const soaked = await soak(Number(amount) * (UNITS[unit] as number), seed, tell);
print(soaked);
process.exit(soaked.failures.length === 0 ? 0 : 1);

function tell({ done, recoveries, samples, failures }: Soaked): void {
  const minutes = Math.round((Date.now() - began) / 60_000);
  console.log(
    `${minutes} min: ${recoveries.length} recoveries, ${done.changes.length} changes, ${done.kills} kills, ${failures.length} failures; ${JSON.stringify(samples.at(-1))}`,
  );
}

function print({ done, faults, recoveries, slow, samples, failures }: Soaked): void {
  const times = (of: "nodesMs" | "sdksMs") => {
    const sorted = recoveries.map((recovery) => recovery[of]).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return `median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms, ${sorted.filter((ms) => ms > 5_000).length} of ${sorted.length} beyond the promised 5 s`;
  };
  console.log(`\nfaults: ${[...faults].map(([name, count]) => `${count} × ${name}`).join(", ")}`);
  console.log(`recovery of nodes: ${times("nodesMs")}`);
  console.log(`recovery of SDKs, beyond the delay they had drawn: ${times("sdksMs")}`);
  for (const each of slow) console.log(each);
  console.log(
    `acknowledged: ${done.changes.length} changes, ${done.kills} kills; ${done.refused} requests refused or unanswered, and made again`,
  );
  for (const name of Object.keys(samples[0] ?? {})) console.log(`${name}: ${series(samples, name)}`);
  console.log(failures.length === 0 ? "no failure" : `FAILURES:\n${failures.join("\n")}`);
}

function series(samples: readonly Sample[], name: string): string {
  const step = Math.max(1, Math.floor(samples.length / SHOWN_SAMPLES));
  return samples
    .filter((_, index) => index % step === 0)
    .map((sample) => sample[name])
    .join(" ");
}
