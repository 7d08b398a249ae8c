// Fails when a vector that was published has changed or is gone. With --write, records new ones; old ones it never touches.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../evaluation/vectors/", import.meta.url);
const frozenFile = new URL("frozen.json", folder);

/** Every vector by file and name, as the hash of its canonical JSON. */
function currentHashes() {
  const hashes = new Map();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json") || file === "frozen.json") continue;
    const { kind, vectors } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    for (const vector of vectors) {
      const id = `${file}: ${vector.name}`;
      if (hashes.has(id)) throw new Error(`two vectors are called "${id}"`);
      const canonical = JSON.stringify(sorted({ kind, ...vector }));
      hashes.set(id, createHash("sha256").update(canonical).digest("hex"));
    }
  }
  return hashes;
}

/** The same JSON value with the keys of every object in order. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

/** What is wrong between what was published and what is there. */
export function compare(frozen, current) {
  const faults = [...frozen].flatMap(([id, hash]) => {
    if (!current.has(id)) return [`gone: ${id}`];
    return current.get(id) === hash ? [] : [`changed: ${id}`];
  });
  const added = [...current.keys()].filter((id) => !frozen.has(id));
  return { faults, added };
}

function main() {
  const frozen = new Map(
    existsSync(frozenFile) ? Object.entries(JSON.parse(readFileSync(frozenFile, "utf8"))) : [],
  );
  const current = currentHashes();
  const { faults, added } = compare(frozen, current);
  if (process.argv.includes("--write")) {
    for (const id of added) frozen.set(id, current.get(id));
    const inOrder = Object.fromEntries([...frozen].sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(frozenFile, `${JSON.stringify(inOrder, null, 1)}\n`);
    console.log(`${added.length} vectors added, ${frozen.size} in all`);
  } else {
    for (const id of added) faults.push(`not recorded, run node scripts/check-vectors.mjs --write: ${id}`);
    console.log(faults.length === 0 ? `${current.size} vectors are as published` : faults.join("\n"));
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
