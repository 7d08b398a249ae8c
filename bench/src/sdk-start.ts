// What a start of sdk-node takes, and what a client holds, beside fetching and parsing the same rules. Arguments: --json, --quick.
import { fileURLToPath } from "node:url";
import { median } from "./evaluation/measure.ts";
import { type Handlers, SOURCES, startProcess } from "./fanout/rpc.ts";
import type { handlers as serverHandlers } from "./sdk-start/server.ts";
import type { handlers as startHandlers } from "./sdk-start/start.ts";

const SIZES = [2_000, 20_000];
const TIMES = process.argv.includes("--quick") ? 3 : 9;

/** Without the probe of servers, which would hear a question that is asked before the process serves. */
const start = <Served extends Handlers>(name: string) =>
  startProcess<Served>(fileURLToPath(new URL(`./sdk-start/${name}.ts`, import.meta.url)), {
    execArgv: ["--expose-gc", ...SOURCES],
  });

/** Each start is a process of its own, as an application's is. */
async function once(way: "floor" | "client", question: { url: string; flags: number }) {
  const process = start<typeof startHandlers>("start");
  try {
    return await process.ask(way, question);
  } finally {
    await process.stop();
  }
}

/** Medians of several starts, one way after the other. */
async function measure(flags: number) {
  const server = start<typeof serverHandlers>("server");
  const { port, megabytes } = await server.ask("listen", flags);
  const question = { url: `http://127.0.0.1:${port}`, flags };
  const samples = new Map<string, number[]>();
  for (let time = 0; time < TIMES; time++)
    for (const way of ["floor", "client"] as const)
      for (const [name, value] of Object.entries(await once(way, question)))
        samples.set(`${way} ${name}`, [...(samples.get(`${way} ${name}`) ?? []), value]);
  await server.stop();
  const medians = [...samples].map(([name, values]) => [name, Number(median(values).toFixed(1))]);
  return { "rules MB": Number(megabytes.toFixed(1)), ...Object.fromEntries(medians) };
}

const rows: Record<string, object> = {};
for (const flags of SIZES) rows[`${flags} flags`] = await measure(flags);
if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
else console.table(rows);
