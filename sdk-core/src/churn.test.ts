import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Flag } from "@lanyard/evaluation";
import { expect, it } from "vitest";
import { connect } from "./connection.ts";
import { createCore } from "./core.ts";
import { parseFrame } from "./frames.ts";
import { localClient } from "./local-client.ts";
import { booleanFlag, rulesetOf } from "./testing/index.ts";
import { VirtualTime } from "./testing/virtual-time.ts";

const FLAGS = 10_000;
/** A thousand changes a minute for ten minutes. */
const CHANGES = 10_000;
const MB = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it("ten thousand changes over ten thousand flags leave no memory behind", { timeout: 60_000 }, async () => {
  const time = new VirtualTime();
  // Nothing answers: what is counted stays with the client, as it does while a server is away.
  const platform = time.platform({ fetch: () => Promise.reject(new Error("away")) });
  const core = createCore({ platform, connect, server: { url: "http://away", headers: {} } });
  const client = localClient(core);
  const flags = Object.fromEntries(Array.from({ length: FLAGS }, (_, i) => [`flag-${i}`, booleanFlag()]));
  core.store.put(rulesetOf(flags), "stream");

  const tookMs: number[] = [];
  const change = (revision: number): void => {
    const key = `flag-${(revision * 7) % FLAGS}`;
    const flag: Flag = booleanFlag({ on: revision % 2 === 0 });
    // Flags come and go, too, and are referred to when they are there no more.
    const born = booleanFlag({ prerequisites: [{ flag: `born-${revision - 1}`, variations: ["on"] }] });
    const data = JSON.stringify({
      epoch: 1,
      from: revision,
      to: revision + 1,
      flags: { [key]: flag, [`born-${revision}`]: born, [`born-${revision - 1}`]: null },
      segments: {},
    });
    const since = performance.now();
    core.listener.rules("patch", parseFrame("patch", data), "stream");
    core.listener.contact("stream");
    tookMs.push(performance.now() - since);
    client.boolean(key, { targetingKey: "u" }, false);
    client.boolean("flag-1", { targetingKey: "u" }, false);
    if (revision % 160 === 0) time.advance(10_000);
  };

  for (let revision = 1; revision <= CHANGES; revision++) change(revision);
  const before = heapBytes();
  for (let revision = CHANGES + 1; revision <= 2 * CHANGES; revision++) change(revision);
  const grownMb = (heapBytes() - before) / MB;
  const [p50, p999] = [0.5, 0.999].map(
    (part) => tookMs.sort((a, b) => a - b)[Math.floor(part * tookMs.length)],
  );
  console.log(
    `grew by ${grownMb.toFixed(1)} MB; a patch takes ${p50?.toFixed(2)} ms, of a thousand one ${p999?.toFixed(2)}`,
  );
  expect(grownMb).toBeLessThan(8);
  expect(core.store.evaluator.entries.flag.size).toBe(FLAGS + 2);
  expect(client.status().revision).toBe(2 * CHANGES + 1);
  await client.close();
});
