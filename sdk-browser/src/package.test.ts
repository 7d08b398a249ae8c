import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { booleanFlag, ProtocolPeer } from "../../sdk-core/src/testing/index.ts";

// Other programs are started, which takes its time where much else runs.
vi.setConfig({ testTimeout: 30_000 });

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const tool = (name: string) => join(PACKAGE, "..", "node_modules", ".bin", name);

/** What it may not exceed; lowered as it shrinks. */
const MAX_GZIP_BYTES = 12_400;
const MAX_REACT_GZIP_BYTES = 1_500;

let folder: string;
let peer: ProtocolPeer;

/** Builds, packs and installs the package as its users do, outside the workspace. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-package-"));
  peer = await ProtocolPeer.start({ "new-checkout": booleanFlag() });
  const packed = join(folder, "package");
  await run(tool("tsup"), ["--out-dir", join(packed, "dist")], { cwd: PACKAGE });
  for (const file of ["package.json", "README.md"]) cpSync(join(PACKAGE, file), join(packed, file));
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: packed });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const tarball = join(folder, stdout.trim());
  await run("npm", ["install", "--silent", "--offline", "--no-audit", tarball], { cwd: folder });
  // What its users may have beside it.
  symlinkSync(join(PACKAGE, "node_modules/@openfeature"), join(folder, "node_modules/@openfeature"));
});

afterAll(async () => {
  await peer.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The blocks of code that run as they are. */
function snippetsOfReadme(): string[] {
  const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
  return [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
}

it("runs the snippets of its README, on a server too", async () => {
  const snippets = snippetsOfReadme().filter((code) => !code.includes("/openfeature"));
  expect(snippets).toHaveLength(3);
  const code = snippets.join("\n").replace("http://localhost:4242", peer.url).replace("lyd_cli_…", "k");
  writeFileSync(join(folder, "readme.mjs"), `${code}\nawait lanyard.close();`);
  const { stdout } = await run(process.execPath, ["readme.mjs"], { cwd: folder, timeout: 20_000 });
  expect(stdout).toMatch(/^true: fallthrough\n/);
});

it("runs its README's OpenFeature", async () => {
  const [snippet = ""] = snippetsOfReadme().filter((code) => code.includes("/openfeature"));
  const code = snippet.replace("http://localhost:4242", peer.url).replace("lyd_cli_…", "k");
  writeFileSync(join(folder, "openfeature.mjs"), code);
  const { stdout } = await run(process.execPath, ["openfeature.mjs"], { cwd: folder, timeout: 20_000 });
  expect(stdout).toBe("true: STATIC\n");
});

it("brings nothing with it", () => {
  const {
    dependencies = {},
    exports,
    publishConfig,
  } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  expect(dependencies).toEqual({});
  // `source` is for this workspace; publishing with pnpm leaves it out.
  const withoutSource = (entry: object) => ({ ...entry, source: undefined });
  const published = Object.entries<object>(exports).map(([path, entry]) => [path, withoutSource(entry)]);
  expect(publishConfig.exports).toEqual(Object.fromEntries(published));
});

it("has types for TypeScript's resolution in bundlers", async () => {
  const typed = `
    import { createClient, type Client } from "@lanyard/sdk-browser";
    import { operators } from "@lanyard/sdk-browser/operators";
    const client: Client = createClient({ url: "http://localhost", key: "k", operators });
    const on: boolean = client.boolean("a", false) || client.boolean("a", { plan: "pro" }, false);
    const theme: { dark: boolean } = client.json("theme", { dark: true });
    client.identify({ targetingKey: theme.dark ? "a" : "b" });
    // @ts-expect-error a boolean is asked for
    client.boolean("a", "x");
  `;
  writeFileSync(join(folder, "typed.mts"), typed);
  const options = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler"];
  const checked = run(tool("tsc"), [...options, "--lib", "es2022,dom", "typed.mts"], { cwd: folder });
  expect(await checked.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: "" });
});

/** Bytes after minifying and gzip, as an application would ship it; React is there anyway. */
async function shippedBytes(application: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: application, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["react"],
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
}

it("is small in a minimal application, and with React hardly larger", async () => {
  const minimal = `import { createClient } from "@lanyard/sdk-browser";
    createClient({ url: "https://flags.example.com", key: "lyd_cli_x" }).boolean("new-checkout", false);`;
  const bytes = await shippedBytes(minimal);
  const react = 'export { LanyardProvider, useFlag, useFlags, useStatus } from "@lanyard/sdk-browser/react";';
  const more = (await shippedBytes(minimal + react)) - bytes;
  console.log(`sdk-browser in a minimal application: ${bytes} bytes gzip; React's hooks: ${more} more`);
  expect(bytes).toBeLessThan(MAX_GZIP_BYTES);
  expect(more).toBeLessThan(MAX_REACT_GZIP_BYTES);
});
