// What `npm run verify` checks, the longest first. A step throws when it fails, with `output` to show.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process/run.mjs";
import { memory, root, workspacePackages } from "../setup/workspace.mjs";
import { importRuleBites, importRuleHolds } from "./import-rule.mjs";
import { migrationsMatchSchema } from "./migrations-match.mjs";
import { plantedPromisesAreRefused } from "./planted-promises.mjs";
import { program } from "./program.mjs";

/** The native compiler: a third of the time. Tools that call TypeScript as a library use the other. */
const TSC = join(root, "node_modules/typescript-native/bin/tsc");

const tool = (name, ...args) => run(program(name), args, { cwd: root });
const script = (name) => run(process.execPath, [join(root, "scripts", name)], { cwd: root });

export const steps = [
  { name: "lint", check: () => tool("eslint", ".", "--max-warnings=0") },
  ...typeChecks(),
  { name: "dead code", check: () => tool("knip", "--no-progress") },
  { name: "migrations match the schema", check: migrationsMatchSchema },
  { name: "planted promises are refused", check: plantedPromisesAreRefused },
  { name: "import rule", check: importRuleHolds },
  { name: "planted imports are refused", check: importRuleBites },
  { name: "format", check: () => tool("biome", "ci", "--colors=off", ".") },
  { name: "cited paths", check: () => script("check-doc-refs.mjs") },
  { name: "vectors never change", check: () => script("check-vectors.mjs") },
  { name: "OpenAPI document matches the contract", check: openApiMatches },
];

function openApiMatches() {
  const source = join(root, "contract/scripts/openapi.ts");
  return run(process.execPath, ["--conditions=source", "--import", "tsx", source, "--check"], { cwd: root });
}

/** One step for each tsconfig, so that they run side by side; what they learned is kept for the next time. */
function typeChecks() {
  const folders = ["testing", ...workspacePackages().map(({ folder }) => folder)];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => /^tsconfig(\.\w+)?\.json$/.test(file))
      .map((file) => {
        const name = file === "tsconfig.json" ? folder : `${folder} ${file.split(".")[1]}s`;
        const buildInfo = join(memory, "types", `${name.replaceAll(/\W/g, "-")}.tsbuildinfo`);
        const args = ["--project", join(folder, file), "--incremental", "--tsBuildInfoFile", buildInfo];
        return {
          name: `types of ${name}`,
          check: () => run(process.execPath, [TSC, ...args], { cwd: root }),
        };
      }),
  );
}
