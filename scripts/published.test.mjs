import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt, run } from "./process/run.mjs";
import { pack } from "./published/pack.mjs";
import { program } from "./verify/program.mjs";

/** Browsers have no CommonJS; neither package supports what Node 10 resolved. */
const PACKAGES = { "sdk-node": "node16", "sdk-browser": "esm-only" };

let folder;
const tarballs = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-published-"));
  for (const name of Object.keys(PACKAGES)) {
    mkdirSync(join(folder, name));
    tarballs[name] = await pack(name, join(folder, name));
  }
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(PACKAGES))("%s", (name, profile) => {
  test("is a package that publint finds nothing to say about", { timeout: 60_000 }, async () => {
    const { code, output } = await attempt(program("publint"), ["--strict", tarballs[name]]);
    expect(code, output).toBe(0);
    expect(output).toContain("All good!");
  });

  test("has types that every way of importing it finds", { timeout: 60_000 }, async () => {
    const { code, output } = await attempt(program("attw"), [
      "--profile",
      profile,
      "--no-color",
      tarballs[name],
    ]);
    expect(code, output).toBe(0);
  });
});

test("is built into a page by Vite, outside this workspace", { timeout: 60_000 }, async () => {
  const app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{ "private": true, "type": "module" }');
  writeFileSync(join(app, "index.html"), '<script type="module" src="./main.js"></script>');
  const page = `import { createClient } from "@lanyard/sdk-browser";
    const client = createClient({ url: "https://flags.example.com", key: "lyd_cli_x" });
    document.title = String(client.boolean("new-checkout", false));`;
  writeFileSync(join(app, "main.js"), page);
  await run("npm", ["install", "--silent", "--offline", "--no-audit", tarballs["sdk-browser"]], { cwd: app });
  await run(program("vite"), ["build", "--logLevel", "error"], { cwd: app });
  const [script] = readdirSync(join(app, "dist/assets"));
  expect(readFileSync(join(app, "dist/assets", script), "utf8")).toContain("/sdk/v1/");
});
