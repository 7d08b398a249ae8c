// npm run dev: the server and the admin UI from their sources, both watching; Ctrl-C ends both.
import "./setup/node-version.mjs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { styleText } from "node:util";
import { hireJanitor } from "./process/janitor.mjs";
import { main } from "./process/progress.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { root } from "./setup/workspace.mjs";

const UI_ADDRESS = "http://localhost:5173";

const programs = [
  {
    name: "server",
    color: "cyan",
    cwd: root,
    args: [
      join(root, "node_modules/tsx/dist/cli.mjs"),
      "watch",
      "--clear-screen=false",
      "--conditions=source",
      "server/src/main.ts",
    ],
    // Links lead to the page that is being worked on.
    env: { PUBLIC_URL: process.env.PUBLIC_URL ?? UI_ADDRESS },
  },
  {
    name: "admin-ui",
    color: "magenta",
    cwd: join(root, "admin-ui"),
    args: [join(root, "admin-ui/node_modules/vite/bin/vite.js"), "--clearScreen=false", "--strictPort"],
    env: {},
  },
];

function start({ name, color, args, cwd, env }, janitor) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, FORCE_COLOR: "1", ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  janitor.minds(child);
  const prefix = styleText(color, name.padEnd(8));
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => console.log(`${prefix} │ ${line}`));
  return once(child, "exit").then(([code]) => ({ name, code }));
}

await main(async () => {
  await ensureInstalled();
  const janitor = hireJanitor();
  const asked = Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  const first = await Promise.race([asked, ...programs.map((program) => start(program, janitor))]);
  if (first.name) console.error(`${first.name} ended with ${first.code}; ending the other.`);
  await janitor.sweep();
  return first.name ? 1 : 0;
});
