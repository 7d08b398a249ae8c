// Who still runs. A process that has ended but was not yet collected by its parent answers a signal like a living one,
// and under an init that never collects orphans (as in many containers) it does so for ever; so Linux is asked by name.
import { readdirSync, readFileSync } from "node:fs";

const LINUX = process.platform === "linux";

/** `{ state, group }` of a process as Linux tells it; undefined when there is none. */
export function statusOf(pid) {
  try {
    const [state, , group] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return { state, group: Number(group) };
  } catch {
    return undefined;
  }
}

/** Ids of all processes that have not ended. Linux only: elsewhere there are none. */
export function livingProcesses() {
  if (!LINUX) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isRunning(statusOf(name)))
    .map(Number);
}

/** Whether a process was started with `mark` (`NAME=value`) in its environment, by whomever. */
export function carries(pid, mark) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
  } catch {
    return false;
  }
}

export function isAlive(pid) {
  return LINUX ? isRunning(statusOf(pid)) : answers(pid);
}

export function isGroupAlive(group) {
  return LINUX ? livingProcesses().some((pid) => statusOf(pid)?.group === group) : answers(-group);
}

function isRunning(status) {
  return status !== undefined && status.state !== "Z";
}

function answers(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
