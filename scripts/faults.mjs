// npm run test:faults: the built product under every fault, in minutes.
import "./setup/node-version.mjs";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hireJanitor } from "./process/janitor.mjs";
import { main, step } from "./process/progress.mjs";
import { installMissing, services } from "./services/provide.mjs";
import { ensureBuilt } from "./setup/build-packages.mjs";
import { ensureInstalled } from "./setup/install.mjs";
import { runPlaywright } from "./test/runners.mjs";

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  // Each run has a PostgreSQL and a Redis of its own, to break; here their programs only.
  await step("Looking for PostgreSQL and Redis", () => installMissing([services.postgres, services.redis]));
  const janitor = hireJanitor();
  const folder = mkdtempSync(join(tmpdir(), "lanyard-faults-"));
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o711);
  janitor.mindsDirectory(folder);
  try {
    const { failed } = await runPlaywright("faults", { janitor, env: {}, folder });
    return failed === 0 ? 0 : 1;
  } finally {
    await janitor.sweep();
  }
});
