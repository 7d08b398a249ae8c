// npm run openapi -w contract [-- --check]: writes contract/openapi.json, or says that it is out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { openApiDocument } from "../src/openapi.ts";

const file = new URL("../openapi.json", import.meta.url);
const wanted = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (!process.argv.includes("--check")) writeFileSync(file, wanted);
else if (readFileSync(file, "utf8") !== wanted) {
  console.error("contract/openapi.json is out of date. Run: pnpm --filter @lanyard/contract openapi");
  process.exitCode = 1;
}
