// npm start: installs and builds what is missing or out of date, then becomes the server.
import "./setup/node-version.mjs";
import { join } from "node:path";
import { main } from "./process/progress.mjs";
import { lendTerminal } from "./process/run.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { root } from "./setup/workspace.mjs";

await main(async () => {
  await ensureInstalled();
  await ensureBuilt(["server", "admin-ui"]);
  const env = { ...process.env, NODE_ENV: "production" };
  return lendTerminal(process.execPath, [join(root, "server/dist/main.js"), ...process.argv.slice(2)], {
    cwd: root,
    env,
  });
});
