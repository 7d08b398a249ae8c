// One way to leave nothing behind, for a normal end, a signal and a kill -9 alike: a detached process that is told
// what exists, and that takes it away when its standard input closes, which happens however we end.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MARK = "LANYARD_JANITOR";

/** Everything started from here on carries this janitor's mark, and is ended even when we die before telling of it. */
export function hireJanitor() {
  const sweeper = fileURLToPath(new URL("./sweeper.mjs", import.meta.url));
  process.env[MARK] = randomUUID();
  const child = spawn(process.execPath, [sweeper, `${MARK}=${process.env[MARK]}`], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.on("error", () => {});
  const gone = once(child, "exit");
  const tell = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const minds = (kind, child, signal = "SIGTERM") => {
    tell({ add: { kind, id: child.pid, signal } });
    child.once("exit", () => tell({ remove: { kind, id: child.pid } }));
  };
  return {
    /** `leader` was spawned with `detached: true`; its whole process group is ended. */
    minds: (leader, signal) => minds("group", leader, signal),
    /** One that shares our process group, because it uses the terminal. */
    mindsProcess: (child) => minds("process", child),
    mindsDirectory: (path) => tell({ add: { kind: "directory", id: path } }),
    mindsContainer: (name) => tell({ add: { kind: "container", id: name } }),
    async sweep() {
      child.stdin.end();
      await gone;
    },
  };
}
