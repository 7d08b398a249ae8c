// The committed SQL is what drizzle-kit makes from the server's schema: generating once more leaves no difference.
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "../process/run.mjs";
import { root } from "../setup/workspace.mjs";

const migrations = join(root, "migrations");

export async function migrationsMatchSchema() {
  const copy = mkdtempSync(join(migrations, ".generated-"));
  try {
    cpSync(join(migrations, "sql"), copy, { recursive: true });
    const output = await generateInto(copy);
    const added = readdirSync(copy).filter((name) => !readdirSync(join(migrations, "sql")).includes(name));
    if (added.length === 0) return;
    throw Object.assign(
      new Error("the schema has changes that no migration makes: run `npm run generate` in migrations"),
      { output },
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function generateInto(folder) {
  const args = [
    "--dialect=postgresql",
    "--schema=../server/src/database/schema/index.ts",
    `--out=${relative(migrations, folder)}`,
  ];
  return run(join(migrations, "node_modules/.bin/drizzle-kit"), ["generate", ...args], { cwd: migrations });
}
