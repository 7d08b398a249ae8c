import { readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../process/progress.mjs";
import { run } from "../process/run.mjs";
import { fingerprint, remember, remembers } from "./fingerprint.mjs";
import { npx } from "./npm.mjs";
import { root, workspacePackages } from "./workspace.mjs";

/** Installs what the lockfile says, unless that is what was installed last time. */
export async function ensureInstalled() {
  const manifests = workspacePackages().map(({ folder }) => join(folder, "package.json"));
  const wanted = fingerprint(
    ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifests],
    process.versions.modules,
    `${process.platform} ${process.arch}`,
  );
  if (remembers("installed", wanted)) return;
  await step(
    "Installing packages",
    install,
    "Check the network (the npm registry must be reachable) and try again.",
  );
  remember("installed", wanted);
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [command, ...args] = npx("--yes", packageManager, "install", "--frozen-lockfile", "--prefer-offline");
  // CI: pnpm then never asks a question.
  return run(command, args, { cwd: root, env: { ...process.env, CI: "true" } });
}
