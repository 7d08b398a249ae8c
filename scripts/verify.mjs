// npm run verify: format, lint, types, import rule, dead code, cited paths. No services; under 90 seconds.
import "./setup/node-version.mjs";
import { main, seconds } from "./process/progress.mjs";
import { ensureInstalled } from "./setup/install.mjs";

await main(async () => {
  const started = performance.now();
  await ensureInstalled();
  const { verify } = await import("./verify/verify.mjs");
  const { passed, failed } = await verify();
  console.log(`\n${passed} passed, ${failed} failed, ${seconds(started)}`);
  return failed > 0 ? 1 : 0;
});
