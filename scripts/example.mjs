// npm run shop, npm run traffic: a script of an example application, on the SDK as it is published.
import "./setup/node-version.mjs";
import { join } from "node:path";
import { main } from "./process/progress.mjs";
import { lendTerminal } from "./process/run.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { npm } from "./setup/npm.mjs";
import { root } from "./setup/workspace.mjs";

await main(async () => {
  const [example, script, ...further] = process.argv.slice(2);
  await ensureInstalled();
  await ensureBuilt(["sdk-node", "sdk-browser"]);
  const [command, ...args] = npm("run", "--silent", script, "--", ...further);
  return lendTerminal(command, args, { cwd: join(root, "examples", example) });
});
