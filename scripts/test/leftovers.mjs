import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { carries, livingProcesses, statusOf } from "../process/processes.mjs";

const GRACE_MS = 2_000;

/** Ends what a finished test run left behind: members of its process group, or heirs of its environment. Linux only. */
export async function endLeftovers(run) {
  const deadline = Date.now() + GRACE_MS;
  let left = find(run);
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(100);
    left = find(run);
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
  return left;
}

function find(run) {
  return livingProcesses().flatMap((pid) => {
    const command = belongsTo(pid, run);
    return command === undefined ? [] : [{ pid, command }];
  });
}

function belongsTo(pid, { group, mark }) {
  try {
    if (statusOf(pid)?.group !== group && !carries(pid, mark)) return undefined;
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return undefined;
  }
}
