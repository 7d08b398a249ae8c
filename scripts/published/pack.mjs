// Packs an SDK as its users get it: built, and with the manifest that publishing writes.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process/run.mjs";
import { root } from "../setup/workspace.mjs";
import { program } from "../verify/program.mjs";

/** Builds the package of `folder` into `into`, packs it there and returns the path of the tarball. */
export async function pack(folder, into) {
  const source = join(root, folder);
  await run(program("tsup"), ["--silent", "--out-dir", join(into, "dist")], { cwd: source });
  const { publishConfig, devDependencies, scripts, ...manifest } = JSON.parse(
    readFileSync(join(source, "package.json"), "utf8"),
  );
  // As pnpm does: what is said under `publishConfig` takes the place of what serves this workspace.
  writeFileSync(join(into, "package.json"), JSON.stringify({ ...manifest, ...publishConfig }, null, 2));
  for (const file of ["README.md", "THIRD-PARTY.md"]) cpSync(join(source, file), join(into, file));
  cpSync(join(root, "LICENSE"), join(into, "LICENSE"));
  const name = await run("npm", ["pack", "--silent"], { cwd: into });
  return join(into, name.trim());
}
