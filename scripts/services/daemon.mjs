import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const START_TIMEOUT_MS = 30_000;

/** A service that runs as a process of its own: started, stopped for good or for a while, killed. */
export function daemon({ name, command, args, options, logFile, stopSignal, janitor, isReady }) {
  let child;

  async function start() {
    const log = openSync(logFile, "a");
    child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", log, log] });
    const failed = once(child, "error").then(([error]) => Promise.reject(error));
    const exited = once(child, "exit").then(() => Promise.reject(new Error(`${name} ended while starting`)));
    failed.catch(() => {});
    exited.catch(() => {});
    if (child.pid) janitor.minds(child, stopSignal);
    try {
      await Promise.race([failed, exited, untilReady(isReady)]);
    } catch (error) {
      throw new Error(`${error.message}\n${readFileSync(logFile, "utf8").trim()}`);
    }
  }

  async function end(signal) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  return { start, stop: () => end(stopSignal), kill: () => end("SIGKILL"), pid: () => child.pid };
}

async function untilReady(isReady) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady())) {
    if (Date.now() > deadline) throw new Error(`it was not ready within ${START_TIMEOUT_MS / 1000} s`);
    await sleep(40);
  }
}
