// npm run build: every package that has a build, unless its sources are unchanged since its last one.
import "./setup/node-version.mjs";
import { main } from "./process/progress.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
