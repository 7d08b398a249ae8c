// Kill on node A → effect in an SDK on node B, with Redis alive and with Redis dead. Arguments: --json, --quick.
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { createClient } from "@lanyard/sdk-node";
import { hireJanitor } from "../../scripts/process/janitor.mjs";
import { startPostgres } from "../../scripts/services/postgres.mjs";
import { startRedis } from "../../scripts/services/redis.mjs";
import { setUp, startProduct } from "./fanout/product.ts";

const quick = process.argv.includes("--quick");
const FLAG = "flag-1";
/** Longer than the poll takes, and never in step with it. */
const PAUSE_MS = () => 100 + Math.random() * 1_000;

const janitor = hireJanitor();
const [postgres, redis] = await Promise.all([startPostgres(janitor), startRedis(janitor)]);
const env = {
  DATABASE_URL: postgres.url,
  REDIS_URL: redis.url,
  LANYARD_SECRET: randomBytes(32).toString("hex"),
};
const a = await startProduct(env);
const project = await setUp(a);
const b = await startProduct(env);
const sdk = createClient({ url: `http://127.0.0.1:${b.port}`, key: project.sdkKey });
await sdk.ready();

const isKilled = () => sdk.details(FLAG, {}, false).reason === "killed";

/** Milliseconds from the call to A until the SDK on B answers otherwise. */
async function killOnce(): Promise<number> {
  const effect = new Promise<number>((resolve) => {
    const end = sdk.on("kill", () => {
      if (!isKilled()) return;
      end();
      resolve(performance.now());
    });
  });
  const begun = performance.now();
  const answer = await fetch(`http://127.0.0.1:${a.port}/api/v1/kills`, {
    method: "POST",
    headers: { authorization: `Bearer ${project.killKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      project: "web",
      environments: ["development"],
      flags: [FLAG],
      reason: "measured",
    }),
  });
  const { id } = (await answer.json()) as { id: string };
  const ms = (await effect) - begun;
  await project.call("POST", `/kills/${id}/lift`, {});
  while (isKilled()) await setTimeout(20);
  return ms;
}

async function measure(rounds: number) {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await setTimeout(quick ? 50 : PAUSE_MS());
    samples.push(await killOnce());
  }
  samples.sort((x, y) => x - y);
  const at = (share: number) => samples[Math.ceil(share * samples.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

await measure(5);
const redisAlive = await measure(quick ? 5 : 60);
await redis.kill();
await setTimeout(2_000);
const redisDead = await measure(quick ? 3 : 30);

await sdk.close();
await Promise.all([a.stop(), b.stop()]);
await janitor.sweep();

const report = { redisAlive, redisDead };
if (process.argv.includes("--json")) console.log(JSON.stringify(report));
else console.table(report);
