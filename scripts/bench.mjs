// npm run bench -- <name> [arguments]: one benchmark of bench/src, from the sources, or as it is installed.
import "./setup/node-version.mjs";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { main } from "./process/progress.mjs";
import { lendTerminal } from "./process/run.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { root } from "./setup/workspace.mjs";

/** What is built first. A read is measured as who installs the SDK pays it; a build of the server is what the others start. */
const BUILT = { evaluation: "sdk-node", fanout: "server", "fanout-nodes": "server" };

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const file = join(root, "bench/src", `${name}.ts`);
  if (!name || !existsSync(file)) {
    const names = readdirSync(join(root, "bench/src")).filter((entry) => /^[^.]+\.ts$/.test(entry));
    console.error(
      `usage: npm run bench -- <name> [arguments]\nnames: ${names.map((entry) => entry.slice(0, -3)).join(", ")}`,
    );
    return 2;
  }
  await ensureInstalled();
  const built = BUILT[name];
  if (built) await ensureBuilt([built]);
  const sources = built === "sdk-node" ? [] : ["--conditions=source"];
  return lendTerminal(process.execPath, ["--expose-gc", ...sources, "--import", "tsx", file, ...args], {
    cwd: root,
  });
});
