import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

let root;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "lanyard-docs-"));
  mkdirSync(join(root, "scripts"));
  mkdirSync(join(root, "docs"));
  cpSync(
    fileURLToPath(new URL("./check-doc-refs.mjs", import.meta.url)),
    join(root, "scripts/check-doc-refs.mjs"),
  );
  writeFileSync(join(root, "docs/words.md"), "# Words");
});
afterAll(() => rmSync(root, { recursive: true }));

function check(text) {
  writeFileSync(join(root, "README.md"), text);
  return spawnSync(process.execPath, [join(root, "scripts/check-doc-refs.mjs")], { encoding: "utf8" });
}

test("what exists, addresses and other people's names are fine", () => {
  const { status, stderr } = check(
    "[words](docs/words.md#a) `docs/words.md` `express/lib/x.js` [site](https://example.com)",
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test.each([
  ["[gone](docs/gone.md)", "docs/gone.md"],
  ["`docs/gone.ts` in backticks", "docs/gone.ts"],
  ['<img src="docs/gone.png">', "docs/gone.png"],
])("%s is refused", (text, path) => {
  const { status, stderr } = check(text);
  expect(stderr).toBe(`README.md: ${path} does not exist\n`);
  expect(status).toBe(1);
});
