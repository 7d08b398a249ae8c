import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where what was done is remembered: it goes when `node_modules` goes. */
export const memory = join(root, "node_modules", ".lanyard");

/** Every package of the workspace: `{ name, folder, manifest, uses }`, where `uses` names its own direct neighbours. */
export function workspacePackages() {
  const folders = ["", "examples"].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
      .map((entry) => join(parent, entry.name)),
  );
  return folders.filter((folder) => existsSync(join(root, folder, "package.json"))).map(describe);
}

function describe(folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };
  const uses = Object.keys(dependencies).filter((name) => dependencies[name].startsWith("workspace:"));
  return { name: manifest.name, folder, manifest, uses };
}
