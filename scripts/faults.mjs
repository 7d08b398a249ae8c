// npm run test:faults [-- --soak 60m [--seed 7]]: the built product under every fault in minutes, or under random ones.
import "./setup/node-version.mjs";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hireJanitor } from "./process/janitor.mjs";
import { main, step } from "./process/progress.mjs";
import { lendTerminal } from "./process/run.mjs";
import { installMissing, provideServices, services } from "./services/provide.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { root } from "./setup/workspace.mjs";
import { runPlaywright } from "./test/runners.mjs";

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  // Each run has a PostgreSQL and a Redis of its own, to break; here their programs only.
  await step("Looking for PostgreSQL and Redis", () => installMissing([services.postgres, services.redis]));
  const soak = process.argv.slice(2);
  if (soak.length > 0)
    return lendTerminal(process.execPath, ["--import", "tsx", "e2e/faults/soak/main.ts", ...soak], {
      cwd: root,
    });
  const janitor = hireJanitor();
  const folder = mkdtempSync(join(tmpdir(), "lanyard-faults-"));
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o711);
  janitor.mindsDirectory(folder);
  try {
    const env = await step("Looking for Chromium", () => provideServices(janitor, ["chromium"]));
    const { failed } = await runPlaywright("faults", { janitor, env, folder });
    return failed === 0 ? 0 : 1;
  } finally {
    await janitor.sweep();
  }
});
