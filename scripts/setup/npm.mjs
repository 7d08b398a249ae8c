import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const windows = process.platform === "win32";

/** The command line for npm's own programs: beside this Node first, so that a version manager's choice is kept. */
function npmProgram(name, args) {
  const cli = join(
    dirname(process.execPath),
    windows ? "" : "../lib",
    "node_modules/npm/bin",
    `${name}-cli.js`,
  );
  return existsSync(cli) ? [process.execPath, cli, ...args] : [windows ? `${name}.cmd` : name, ...args];
}

export const npm = (...args) => npmProgram("npm", args);
export const npx = (...args) => npmProgram("npx", args);
