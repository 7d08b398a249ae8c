import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { isAlive, isGroupAlive, statusOf } from "./processes.mjs";

test("what has ended and was never collected is gone, whatever a signal says", {
  timeout: 20_000,
}, async () => {
  // The shell becomes a program that knows nothing of the child it inherits, and so never collects it.
  const keeper = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await once(keeper.stdout.setEncoding("utf8"), "data");
  const ended = Number(line);
  await vi.waitFor(() => expect(isAlive(ended)).toBe(false), { timeout: 10_000 });
  if (process.platform === "linux") expect(statusOf(ended)?.state).toBe("Z");
  expect(isGroupAlive(keeper.pid)).toBe(true);
  keeper.kill("SIGKILL");
  await vi.waitFor(() => expect(isGroupAlive(keeper.pid)).toBe(false), { timeout: 10_000 });
});
