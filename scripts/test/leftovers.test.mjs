import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { endLeftovers } from "./leftovers.mjs";

const linuxOnly = { skip: process.platform !== "linux", timeout: 15_000 };

test(
  "a process that a test run left behind is found by its environment, named and ended",
  linuxOnly,
  async () => {
    const orphan = spawn("sleep", ["60"], {
      env: { ...process.env, RUN: "7" },
      detached: true,
      stdio: "ignore",
    });
    const ended = once(orphan, "exit");
    const left = await endLeftovers({ group: -1, mark: "RUN=7" });
    expect(left).toEqual([{ pid: orphan.pid, command: "sleep 60" }]);
    expect(await ended).toEqual([null, "SIGKILL"]);
  },
);

test("a member of the run's process group is one too, whatever its environment", linuxOnly, async () => {
  const orphan = spawn("sleep", ["60"], { env: { PATH: process.env.PATH }, detached: true, stdio: "ignore" });
  const left = await endLeftovers({ group: orphan.pid, mark: "RUN=8" });
  expect(left.map(({ pid }) => pid)).toEqual([orphan.pid]);
});

test("nothing left is nothing found", linuxOnly, async () => {
  expect(await endLeftovers({ group: -1, mark: "RUN=9" })).toEqual([]);
});
