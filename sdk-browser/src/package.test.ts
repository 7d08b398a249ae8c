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
const MAX_GZIP_BYTES = 12_750;
const MAX_REACT_GZIP_BYTES = 1_500;

let folder: string;
let peer: ProtocolPeer;

/** Builds, packs and installs the package as its users do, outside the workspace. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-package-"));
  peer = await ProtocolPeer.start({ "new-checkout": booleanFlag() });
  const packed = join(folder, "package");
  await run(tool("tsup"), ["--out-dir", join(packed, "dist")], { cwd: PACKAGE });
  for (const file of ["package.json", "README.md", "THIRD-PARTY.md"])
    cpSync(join(PACKAGE, file), join(packed, file));
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: packed });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const tarball = join(folder, stdout.trim());
  await run("npm", ["install", "--silent", "--offline", "--no-audit", tarball], { cwd: folder });
  // What its users may have beside it.
  for (const name of ["@openfeature", "@types"]) {
    symlinkSync(join(PACKAGE, "node_modules", name), join(folder, "node_modules", name));
  }
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
  const snippets = snippetsOfReadme().filter((code) => !/sdk-browser\/(openfeature|testing)/.test(code));
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

it("runs its README's test client in plain Node, as an ES module and as CommonJS", async () => {
  const [esm = ""] = snippetsOfReadme().filter((code) => code.includes("/testing"));
  const cjs = esm.replace(/import (.*) from (.*);/, "const $1 = require($2);");
  for (const [name, code] of Object.entries({ "testing.mjs": esm, "testing.cjs": cjs })) {
    writeFileSync(join(folder, name), code);
    const { stdout } = await run(process.execPath, [name], { cwd: folder, timeout: 20_000 });
    expect(stdout).toBe("changed: new-checkout\nchanged: plan-banner\n");
  }
});

it("brings the licence of what others wrote", () => {
  const licence = readFileSync(join(PACKAGE, "../evaluation/node_modules/re2js/LICENSE"), "utf8");
  const brought = readFileSync(join(folder, "node_modules/@lanyard/sdk-browser/THIRD-PARTY.md"), "utf8");
  expect(brought).toContain(licence);
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

it("tells frameworks with server components that its hooks are for the client", () => {
  const codeOf = (file: string) => readFileSync(join(folder, "package/dist", file), "utf8");
  expect(codeOf("react.js")).toMatch(/^"use client";/);
  expect(codeOf("index.js")).not.toContain("use client");
});

const RESOLUTIONS = ["nodenext", "bundler"];

/** What TypeScript has to say about a program of a user's. */
async function complaints(program: string, resolution: string): Promise<string> {
  const module = resolution === "bundler" ? "esnext" : resolution;
  writeFileSync(join(folder, "typed.mts"), program);
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--lib", "es2022,dom"];
  const call = [...options, "--module", module, "--moduleResolution", resolution, "typed.mts"];
  const checked = run(tool("tsc"), call, { cwd: folder });
  return (await checked.catch(({ stdout }: { stdout: string }) => ({ stdout }))).stdout;
}

it.each(RESOLUTIONS)("has types for TypeScript's resolution %s", async (resolution) => {
  const typed = `
    import { createClient, type Client } from "@lanyard/sdk-browser";
    import { operators } from "@lanyard/sdk-browser/operators";
    import { LanyardProvider, useFlag, useFlags } from "@lanyard/sdk-browser/react";
    import { createTestClient } from "@lanyard/sdk-browser/testing";
    const client: Client = createClient({ url: "http://localhost", key: "k", operators });
    const on: boolean = client.boolean("a", false) || client.boolean("a", { plan: "pro" }, false);
    const dark: boolean = client.json("theme", { dark: true }).dark;
    client.identify({ targetingKey: dark ? "a" : "b" });
    const isOn: boolean = client.details("a", { plan: "pro" }, false).value === true;
    const { banner, limit } = useFlags({ banner: "", limit: 10 });
    const text: string = useFlag("title", "none") + banner + limit.toFixed();
    const forTests = createTestClient({ flags: { a: true }, context: { plan: "pro" } });
    forTests.set("b", { dark });
    const same: Client = forTests;
    LanyardProvider({ client: forTests });
    // @ts-expect-error a boolean is asked for
    client.boolean("a", "x");
  `;
  expect(await complaints(typed, resolution)).toBe("");
});

it.each(RESOLUTIONS)("takes what applications have, with resolution %s", async (resolution) => {
  const typed = `
    import { createClient, type GivenContext } from "@lanyard/sdk-browser";
    import { useFlag, useFlags } from "@lanyard/sdk-browser/react";
    interface User { targetingKey: string; plan?: string; since: Date }
    interface Theme { colour: string; size?: number }
    declare const user: User;
    declare const theme: Theme;
    declare const session: { id: string } | undefined;
    const client = createClient({ url: "http://localhost", key: "k", context: user });
    client.identify(user);
    client.boolean("a", user, false);
    const context: GivenContext = { targetingKey: session?.id, plan: "pro" };
    const themes: Theme[] = [client.json("theme", theme), client.json<Theme>("theme", user, { colour: "x" })];
    const colour: string = useFlag("theme", theme).colour;
    // An empty list and null say nothing of what the flag holds.
    client.json("list", []).push("x");
    const words: string[] = client.json("list", user, []);
    const none: Theme | null = client.json<Theme>("theme", null);
    if (useFlag("theme", null) !== null) useFlag("list", []).push("x");
    const given: (Theme | null)[] = [client.details<Theme>("theme", null).value, client.details<Theme>("theme", user, null).value];
    client.details("list", []).value.push("x");
    const listed: string[] = client.details<string[]>("list", user, []).value;
    const { list, size } = useFlags({ list: [], size: null });
    list.push(size);
    // Most hooks only look.
    createClient({ url: "http://localhost", key: "k", hooks: [{ before: (key) => console.log(key) }, { before: () => user }] });
    function wrapped<Value extends Theme>(fallback: Value): Value { return client.json("theme", fallback); }
    // @ts-expect-error
    client.identify(5);
    // @ts-expect-error
    client.identify(null);
    // @ts-expect-error
    client.identify(() => user);
    // @ts-expect-error
    client.identify([user]);
    // @ts-expect-error its await is missing
    client.identify(Promise.resolve(user));
    // @ts-expect-error
    client.identify({ targetingKey: true });
    // @ts-expect-error
    client.json("theme", () => theme);
    // @ts-expect-error
    client.json("theme", undefined);
    // @ts-expect-error
    client.json("theme", new Map());
    // @ts-expect-error
    useFlag("theme", new Date());
  `;
  expect(await complaints(typed, resolution)).toBe("");
});

it.each(RESOLUTIONS)("types every read once the flags are known, with resolution %s", async (resolution) => {
  const typed = `
    import { createClient } from "@lanyard/sdk-browser";
    import { useFlag, useFlags } from "@lanyard/sdk-browser/react";
    import { createTestClient } from "@lanyard/sdk-browser/testing";
    declare module "@lanyard/sdk-browser" {
      interface Flags { checkout: "boolean"; banner: "string"; theme: "json" }
    }
    const client = createClient({ url: "http://localhost", key: "k" });
    client.boolean("checkout", { plan: "pro" }, false);
    client.details("checkout", false);
    const on: boolean = client.details("checkout", { plan: "pro" }, false).value;
    const banner: string = client.details("banner", { plan: "pro" }, "none").value;
    const dark: boolean = useFlag("theme", { dark: useFlag("checkout", false) }).dark;
    const shown: string = useFlags({ banner: "", checkout: false }).banner;
    useFlag<{ dark: boolean }>("theme", null);
    // @ts-expect-error there is no such flag
    client.boolean("gone", false);
    // @ts-expect-error it is no boolean
    client.details("banner", { plan: "pro" }, false);
    // @ts-expect-error there is no such flag
    useFlag("gone", false);
    // @ts-expect-error it is no boolean
    useFlag("banner", false);
    // @ts-expect-error there is no such flag
    useFlags({ banner: "", gone: 1 });
    // @ts-expect-error it is no number
    useFlags({ banner: 1 });
    const forTests = createTestClient({ flags: { checkout: true, theme: { dark: true } } });
    forTests.set("banner", "pro");
    forTests.unset("theme");
    // @ts-expect-error there is no such flag
    createTestClient({ flags: { gone: true } });
    // @ts-expect-error it is no boolean
    forTests.set("banner", true);
    // @ts-expect-error there is no such flag
    forTests.unset("gone");
    // @ts-expect-error there is no such flag
    forTests.boolean("gone", false);
  `;
  expect(await complaints(typed, resolution)).toBe("");
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
