// Imported first, for its effect: what follows may not even run on an older Node.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const [, needed] = /^>=([\d.]+)$/.exec(manifest.engines.node);
const order = new Intl.Collator("en", { numeric: true });

if (order.compare(process.versions.node, needed) < 0) {
  console.error(
    `Lanyard needs Node.js ${needed} or later, and this is ${process.version}.\n` +
      "Get a newer one from https://nodejs.org or your version manager (`nvm install`), then try again.",
  );
  process.exit(1);
}
