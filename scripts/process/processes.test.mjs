import { spawn } from "node:child_process";
import { expect, test, vi } from "vitest";
import { isAlive, isGroupAlive, statusOf } from "./processes.mjs";

test("what has ended and was never collected is gone, whatever a signal says", {
  timeout: 20_000,
}, async () => {
  // The shell becomes a program that knows nothing of the child it inherits, and so never collects it. Before that the
  // shell itself would.
  const script = `cat <&3 >/dev/null & echo $!; exec "$0" -e 'console.log("here"); setInterval(() => {}, 1_000)'`;
  const keeper = spawn("sh", ["-c", script, process.execPath], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore", "pipe"],
  });
  let told = "";
  for await (const text of keeper.stdout.setEncoding("utf8")) {
    told += text;
    if (told.includes("here")) break;
  }
  const ended = Number.parseInt(told, 10);
  expect(isAlive(ended)).toBe(true);
  keeper.stdio[3].end();
  await vi.waitFor(() => expect(isAlive(ended)).toBe(false), { timeout: 10_000 });
  if (process.platform === "linux") expect(statusOf(ended)?.state).toBe("Z");
  expect(isGroupAlive(keeper.pid)).toBe(true);
  keeper.kill("SIGKILL");
  await vi.waitFor(() => expect(isGroupAlive(keeper.pid)).toBe(false), { timeout: 10_000 });
});
