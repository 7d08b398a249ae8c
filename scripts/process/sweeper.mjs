// The janitor's own process: see janitor.mjs.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { carries, isAlive, isGroupAlive, livingProcesses } from "./processes.mjs";

const PATIENCE_MS = 8_000;
const minded = new Map();
/** What all that was started for us carries in its environment. */
const [mark] = process.argv.slice(2);

/** A group is a negative number to `kill`. */
function signalAll({ kind, id }, signal) {
  try {
    process.kill(kind === "group" ? -id : id, signal);
  } catch {
    // Nobody is there any more.
  }
}

function runs({ kind, id }) {
  return kind === "group" ? isGroupAlive(id) : isAlive(id);
}

async function end(thing) {
  signalAll(thing, thing.signal);
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (!runs(thing)) return;
    await sleep(25);
  }
  signalAll(thing, "SIGKILL");
}

const remove = {
  group: end,
  process: end,
  container({ id }) {
    execFileSync("docker", ["rm", "--force", id], { stdio: "ignore" });
  },
  directory({ id }) {
    rmSync(id, { recursive: true, force: true, maxRetries: 5 });
  },
};

function removeAll(things) {
  return Promise.allSettled(things.map(async (thing) => remove[thing.kind](thing)));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
for await (const line of createInterface({ input: process.stdin })) {
  const { add, remove: gone } = JSON.parse(line);
  const thing = add ?? gone;
  const key = `${thing.kind} ${thing.id}`;
  if (add) minded.set(key, thing);
  // A group outlives its leader when members remain, so it is dropped only once it is empty.
  else if (!runs(thing)) minded.delete(key);
}
await removeAll([...minded.values()].filter(({ kind }) => kind !== "directory"));
// Who told us of a child may have been killed between starting it and telling.
const heirs = livingProcesses().filter((pid) => pid !== process.pid && carries(pid, mark));
await removeAll(heirs.map((id) => ({ kind: "process", id, signal: "SIGTERM" })));
await removeAll([...minded.values()].filter(({ kind }) => kind === "directory"));
