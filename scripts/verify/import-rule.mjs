// The import rule holds, and it bites: for every rule of .dependency-cruiser.cjs a breach is planted and must be refused.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { attempt } from "../process/run.mjs";
import { root, workspacePackages } from "../setup/workspace.mjs";
import { program } from "./program.mjs";

const CONFIG = join(root, ".dependency-cruiser.cjs");
const FOLDERS = [...new Set(workspacePackages().map(({ folder }) => folder.split(sep)[0]))];

// rule, the file that breaks it, what it imports: another file below the same root, or a library
const BREACHES = [
  ["evaluation-is-alone", "evaluation/src/evaluate.ts", "re2js"],
  ["evaluation-is-alone", "evaluation/src/bucket.ts", "node:crypto"],
  ["operators-use-re2js-only", "evaluation/src/operators/semver.ts", "semver"],
  ["contract-is-schemas", "contract/src/routes.ts", "server/src/errors.ts"],
  ["sdk-core-is-portable", "sdk-core/src/store.ts", "node:fs"],
  ["sdk-node-is-self-contained", "sdk-node/src/client.ts", "eventsource"],
  ["sdk-browser-is-self-contained", "sdk-browser/src/client.ts", "contract/src/ruleset.ts"],
  ["sdk-node-openfeature-is-an-adapter", "sdk-node/src/openfeature.ts", "@openfeature/web-sdk"],
  ["sdk-browser-openfeature-is-an-adapter", "sdk-browser/src/openfeature.ts", "@openfeature/server-sdk"],
  ["sdk-browser-react-is-hooks", "sdk-browser/src/react.ts", "react-dom"],
  ["server-knows-no-client", "server/src/ids.ts", "sdk-node/src/usage.ts"],
  ["journeys-use-the-built-product", "e2e/cord.spec.ts", "server/src/app.ts"],
  ["main-is-the-top", "server/src/access/sessions.ts", "server/src/main.ts"],
  ["app-and-services-are-composition", "server/src/http/body.ts", "server/src/services.ts"],
  [
    "management-not-delivery",
    "server/src/management/flags/create-flag.ts",
    "server/src/delivery/ruleset/index.ts",
  ],
  ["delivery-not-management", "server/src/delivery/stream/index.ts", "server/src/management/flags/index.ts"],
  ["http-below-features", "server/src/http/problem.ts", "server/src/management/flags/index.ts"],
  ["access-below-http", "server/src/access/guard.ts", "server/src/http/cookies.ts"],
  ["database-and-fanout-at-the-bottom", "server/src/fanout/redis.ts", "server/src/access/keys.ts"],
  ["leaves-import-nothing-of-ours", "server/src/errors.ts", "server/src/http/index.ts"],
  ["verbs-know-no-express", "server/src/management/flags/rename-flag.ts", "express"],
  [
    "a-feature-through-its-index",
    "server/src/management/keys/create-key.ts",
    "server/src/management/flags/queries.ts",
  ],
  ["the-root-through-indexes", "server/src/app.ts", "server/src/delivery/ruleset/compile.ts"],
  ["ui-app-is-the-top", "admin-ui/src/lib/api.ts", "admin-ui/src/app/router.ts"],
  ["ui-parts-below-features", "admin-ui/src/components/card.tsx", "admin-ui/src/features/flags/queries.ts"],
  ["ui-features-apart", "admin-ui/src/features/segments/page.tsx", "admin-ui/src/features/flags/state.ts"],
  ["ui-without-zod", "admin-ui/src/lib/form.ts", "zod"],
  ["ui-takes-types-from-the-contract", "admin-ui/src/lib/problem.ts", "contract/src/problem.ts"],
  ["no-cycles", "bench/src/first.ts", "bench/src/second.ts"],
];

export async function importRuleHolds() {
  const { code, output } = await cruise(root, FOLDERS, "err");
  if (code !== 0) throw Object.assign(new Error("the import rule is broken"), { output });
}

export async function importRuleBites() {
  const plantation = mkdtempSync(join(tmpdir(), "lanyard-breaches-"));
  try {
    for (const folder of FOLDERS) mkdirSync(join(plantation, folder));
    for (const [, from, to] of BREACHES) plant(plantation, from, to);
    plant(plantation, "bench/src/second.ts", "bench/src/first.ts");
    const { output } = await cruise(plantation, FOLDERS, "json");
    const found = new Set(
      JSON.parse(output).summary.violations.map(({ rule, from }) => `${rule.name} in ${from}`),
    );
    const missed = BREACHES.map(([rule, from]) => `${rule} in ${from}`).filter(
      (breach) => !found.has(breach),
    );
    const untried = createRequire(CONFIG)(CONFIG)
      .forbidden.map(({ name }) => name)
      .filter((name) => !BREACHES.some(([rule]) => rule === name));
    const faults = [
      ...missed.map((breach) => `not refused: ${breach}`),
      ...untried.map((rule) => `no breach planted: ${rule}`),
    ];
    if (faults.length > 0) throw new Error(faults.join("\n"));
  } finally {
    rmSync(plantation, { recursive: true, force: true });
  }
}

function plant(plantation, from, to) {
  const isFile = /\.tsx?$/.test(to);
  const specifier = isFile ? join(dirname(from).replace(/[^/]+/g, ".."), to) : to;
  write(plantation, from, `import { thing } from "${specifier}";\nexport const other = thing;\n`);
  if (isFile) write(plantation, to, "", { flag: "a" });
}

function write(plantation, path, text, options) {
  const file = join(plantation, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, options);
}

function cruise(cwd, folders, outputType) {
  const args = ["--config", CONFIG, "--output-type", outputType, ...folders];
  return attempt(program("depcruise"), args, { cwd });
}
