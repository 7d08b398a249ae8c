import { existsSync } from "node:fs";
import { join } from "node:path";
import { step } from "../process/progress.mjs";
import { run } from "../process/run.mjs";
import { fingerprint, remember, remembers } from "./fingerprint.mjs";
import { npm } from "./npm.mjs";
import { root, workspacePackages } from "./workspace.mjs";

/** Builds the packages in these folders (all, if none is named) whose sources changed since their last build. */
export async function ensureBuilt(folders) {
  const packages = new Map(workspacePackages().map((each) => [each.name, each]));
  const stale = [...packages.values()]
    .filter(({ folder, manifest }) => manifest.scripts?.build && (!folders || folders.includes(folder)))
    .map((each) => ({ ...each, wanted: fingerprintWithNeighbours(each, packages) }))
    .filter(({ folder, wanted }) => !isBuilt(folder, wanted));
  if (stale.length === 0) return;
  const title = `Building ${stale.map(({ folder }) => folder).join(", ")}`;
  await step(
    title,
    () => buildAll(stale),
    "The sources do not build: fix what is shown above, or `git status` shows what differs.",
  );
}

function isBuilt(folder, wanted) {
  return existsSync(join(root, folder, "dist")) && remembers(`built/${folder}`, wanted);
}

/** A package is bundled from its neighbours' sources, so theirs count too. */
function fingerprintWithNeighbours(start, packages) {
  const reached = new Set([start]);
  for (const each of reached) for (const name of each.uses) reached.add(packages.get(name));
  const folders = [...reached].map(({ folder }) => folder).sort();
  return fingerprint([...folders, "tsconfig.base.json", "pnpm-lock.yaml"], process.versions.node);
}

/** All at once, save that a package waits for those it uses that are being built too. */
async function buildAll(stale) {
  const builds = new Map();
  const start = (each) => {
    if (!builds.has(each.name)) builds.set(each.name, build(each));
    return builds.get(each.name);
  };
  const build = async (each) => {
    await Promise.all(stale.filter(({ name }) => each.uses.includes(name)).map(start));
    const [command, ...args] = npm("run", "--silent", "build");
    await run(command, args, { cwd: join(root, each.folder) });
    remember(`built/${each.folder}`, each.wanted);
  };
  const results = await Promise.allSettled(stale.map(start));
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
}
