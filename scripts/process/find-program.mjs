import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of `names` on PATH or in one of the further folders. */
export function findProgram(names, furtherFolders = []) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...furtherFolders].filter(Boolean);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isProgram);
}

/** Folders like /usr/lib/postgresql/15/bin, the newest version first. */
export function versionedFolders(root, tail) {
  try {
    return readdirSync(root)
      .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
      .map((version) => join(root, version, tail));
  } catch {
    return [];
  }
}
