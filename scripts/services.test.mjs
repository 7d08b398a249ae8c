import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { isAlive } from "./process/processes.mjs";

const SERVICES = fileURLToPath(new URL("./services.mjs", import.meta.url));

/** Runs services.mjs with Redis of its own, whatever this run was given. */
function withRedis(...command) {
  const env = { ...process.env, TEST_REDIS_URL: "" };
  return spawn(process.execPath, [SERVICES, "redis", "--", ...command], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function accepts(url) {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

test("the command gets a service that is gone when it ends, and its exit code is passed on", async () => {
  const run = withRedis("sh", "-c", "echo $TEST_REDIS_URL; exit 7");
  const [line] = await once(run.stdout.setEncoding("utf8"), "data");
  const [code] = await once(run, "exit");
  expect(code).toBe(7);
  expect(await accepts(line.trim())).toBe(false);
});

test("neither a service nor the command outlives a killed run", { timeout: 20_000 }, async () => {
  const run = withRedis("sh", "-c", "echo $TEST_REDIS_URL $$; exec sleep 60");
  const [line] = await once(run.stdout.setEncoding("utf8"), "data");
  const [url, pid] = line.trim().split(" ");
  expect(await accepts(url)).toBe(true);
  run.kill("SIGKILL");
  await vi.waitFor(async () => expect(await accepts(url)).toBe(false), { timeout: 10_000 });
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
});

test("two runs at once have services of their own", async () => {
  const runs = [withRedis("printenv", "TEST_REDIS_URL"), withRedis("printenv", "TEST_REDIS_URL")];
  const lines = await Promise.all(
    runs.map((run) => once(run.stdout.setEncoding("utf8"), "data").then(String)),
  );
  expect(new Set(lines).size).toBe(2);
});

test("a wrong call says how to call it", async () => {
  const run = spawn(process.execPath, [SERVICES, "oracle", "--", "true"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [message] = await once(run.stderr.setEncoding("utf8"), "data");
  expect(message).toContain("usage: node scripts/services.mjs [postgres] [redis] [chromium] -- <command>");
});
