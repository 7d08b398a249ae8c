import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../process/free-port.mjs";
import { attempt, run } from "../process/run.mjs";

const START_TIMEOUT_MS = 60_000;

export async function canUseDocker() {
  const { code } = await attempt("docker", ["info"], { timeout: 10_000 });
  return code === 0;
}

export async function startContainer({ janitor, image, port, env, ready, url }) {
  const name = `lanyard-test-${randomBytes(6).toString("hex")}`;
  const hostPort = await freePort();
  janitor.mindsContainer(name);
  const variables = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  await run("docker", [
    "run",
    "--detach",
    "--name",
    name,
    "--publish",
    `127.0.0.1:${hostPort}:${port}`,
    ...variables,
    image,
  ]);

  async function start() {
    await run("docker", ["start", name]);
    await untilReady(name, ready);
  }
  await untilReady(name, ready);
  return {
    url: url(hostPort),
    start,
    stop: () => run("docker", ["stop", name]),
    kill: () => run("docker", ["kill", name]),
  };
}

async function untilReady(name, command) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while ((await attempt("docker", ["exec", name, ...command])).code !== 0) {
    if (Date.now() > deadline)
      throw new Error(`the container ${name} was not ready within ${START_TIMEOUT_MS / 1000} s`);
    await sleep(250);
  }
}
