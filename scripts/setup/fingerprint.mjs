import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { memory, root } from "./workspace.mjs";

const NOT_SOURCES =
  /^(node_modules|dist|data|coverage|test-results|playwright-report|\..*)$|\.test\.tsx?$|\.tsbuildinfo$/;

/** A hash of names and contents under `paths`, relative to the root; what is not there counts as absent. */
export function fingerprint(paths, ...further) {
  const hash = createHash("sha256");
  for (const text of further) hash.update(`${text}\n`);
  for (const file of paths.flatMap(filesUnder))
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function filesUnder(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => !NOT_SOURCES.test(name))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

export function remembers(what, value) {
  try {
    return readFileSync(join(memory, what), "utf8") === value;
  } catch {
    return false;
  }
}

export function remember(what, value) {
  const file = join(memory, what);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
