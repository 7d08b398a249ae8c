import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { booleanFlag, ProtocolPeer, valueFlag } from "../../sdk-core/src/testing/index.ts";

// Other programs are started, which takes its time where much else runs.
vi.setConfig({ testTimeout: 30_000 });

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const tool = (name: string) => join(PACKAGE, "..", "node_modules", ".bin", name);

let folder: string;
let peer: ProtocolPeer;

/** Builds, packs and installs the package as its users do, outside the workspace. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanyard-package-"));
  peer = await ProtocolPeer.start({
    "new-checkout": booleanFlag(),
    "plan-banner": valueFlag("string", "pro"),
  });
  const packed = join(folder, "package");
  await run(tool("tsup"), ["--out-dir", join(packed, "dist")], { cwd: PACKAGE });
  for (const file of ["package.json", "README.md", "THIRD-PARTY.md"])
    cpSync(join(PACKAGE, file), join(packed, file));
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

async function runFile(name: string, text: string): Promise<string> {
  writeFileSync(join(folder, name), text);
  const { stdout } = await run(process.execPath, [name], { cwd: folder, timeout: 20_000 });
  return stdout;
}

const USE = `
  const client = createClient({ url: "__URL__", key: "k" });
  client.ready().then(async ({ state }) => {
    console.log(state, client.boolean("new-checkout", {}, false));
    await client.close();
  });
`;

it("works as an ES module and as CommonJS", async () => {
  const use = USE.replace("__URL__", peer.url);
  const esm = await runFile("use.mjs", `import { createClient } from "@lanyard/sdk-node";${use}`);
  const cjs = await runFile("use.cjs", `const { createClient } = require("@lanyard/sdk-node");${use}`);
  expect([esm, cjs]).toEqual(["live true\n", "live true\n"]);
});

it("types every read once its command has written the flags", async () => {
  const lanyard = join(folder, "node_modules/.bin/lanyard");
  const call = ["types", "--out", "flags.d.mts", "--url", peer.url, "--key", "k"];
  await run(lanyard, call, { cwd: folder });
  const typed = `
    /// <reference path="./flags.d.mts" />
    import { createClient, createTestClient } from "@lanyard/sdk-node";
    const client = createClient({ url: "http://localhost", key: "k" });
    client.boolean("new-checkout", {}, false);
    createTestClient({ flags: { "new-checkout": true } }).set("plan-banner", "pro");
    client.details("plan-banner", {}, "none");
    // @ts-expect-error there is no such flag
    client.boolean("old-checkout", {}, false);
    // @ts-expect-error it is no boolean
    client.boolean("plan-banner", {}, false);
    // @ts-expect-error there is no such flag
    createTestClient({ flags: { "old-checkout": true } });
    // @ts-expect-error it is no boolean
    createTestClient().set("plan-banner", true);
    // @ts-expect-error there is no such flag
    createTestClient().unset("old-checkout");
  `;
  writeFileSync(join(folder, "reads.mts"), typed);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--lib", "es2022"];
  const checked = run(tool("tsc"), [...options, "reads.mts"], { cwd: folder });
  expect(await checked.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: "" });
});

it("runs its README's OpenFeature, as an ES module and as CommonJS", async () => {
  const [snippet = ""] = snippetsOfReadme().filter((code) => code.includes("/openfeature"));
  const esm = snippet.replace("http://localhost:4242", peer.url).replace("lyd_srv_…", "k");
  const cjs = esm.replace(/import (.*) from (.*);/g, "const $1 = require($2);");
  expect(await runFile("openfeature.mjs", esm)).toBe("true: STATIC\n");
  expect(await runFile("openfeature.cjs", `(async () => {${cjs}})();`)).toBe("true: STATIC\n");
});

it("brings the licence of what others wrote", () => {
  const licence = readFileSync(join(PACKAGE, "../evaluation/node_modules/re2js/LICENSE"), "utf8");
  const brought = readFileSync(join(folder, "node_modules/@lanyard/sdk-node/THIRD-PARTY.md"), "utf8");
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

/** The blocks of code that run as they are. */
function snippetsOfReadme(): string[] {
  const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
  return [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
}

it("runs the snippets of its README", async () => {
  const snippets = snippetsOfReadme().filter((code) => !code.includes("/openfeature"));
  const [first = "", details = "", events = "", tests = ""] = snippets;
  expect(snippets).toHaveLength(4);
  const close = "await lanyard.close();";
  const connected = first
    .replace("http://localhost:4242", peer.url)
    .replace("lyd_srv_…", "k")
    .replace(close, "");
  const stdout = await runFile("readme.mjs", `${connected}\n${details}\n${events}\n${close}`);
  expect(stdout).toMatch(/^true: fallthrough, revision 1, confirmed \d+ ms ago\n/);
  expect(await runFile("readme-tests.mjs", tests)).toBe("");
});

it.each(["nodenext", "bundler"])("has types for TypeScript's resolution %s", async (resolution) => {
  const module = resolution === "bundler" ? "esnext" : resolution;
  const typed = `
    import { createClient, createTestClient, type Client, type Details } from "@lanyard/sdk-node";
    const client: Client = createClient({ url: "http://localhost", key: "k" });
    const details: Details<boolean> = client.details("a", { targetingKey: "u" }, false);
    const theme: { dark: boolean } = client.json("theme", {}, { dark: true });
    client.on("change", ({ keys }) => keys.join());
    createTestClient({ flags: { a: details.value, b: theme } }).set("a", 1);
    interface User { targetingKey: string; plan?: string }
    interface Theme { dark: boolean; size?: number }
    const user: User = { targetingKey: "ada" };
    const fallback: Theme = { dark: true };
    client.explain("a", user);
    const themes: Theme[] = [client.json("theme", user, fallback)];
    createTestClient({ flags: { fallback } });
    // An empty list and null say nothing of what the flag holds.
    client.json("list", user, []).push("x");
    const words: string[] = client.json("list", user, []);
    const none: Theme | null = client.json<Theme>("theme", user, null);
    const given: Theme | null = client.details<Theme>("theme", user, null).value;
    client.details("list", user, []).value.push("x");
    // Most hooks only look.
    createTestClient({ hooks: [{ before(key) { key.trim(); } }, { before: () => user }] });
    // @ts-expect-error
    client.boolean("a", 5, false);
    // @ts-expect-error
    client.boolean("a", () => user, false);
    // @ts-expect-error its await is missing
    client.boolean("a", Promise.resolve(user), false);
    // @ts-expect-error
    client.json("theme", user, () => fallback);
    // @ts-expect-error a boolean is asked for
    client.boolean("a", {}, "x");
  `;
  const files = [`typed-${resolution}.mts`, ...(resolution === "nodenext" ? ["typed.cts"] : [])];
  for (const file of files) writeFileSync(join(folder, file), typed);
  const options = ["--noEmit", "--strict", "--module", module, "--moduleResolution", resolution];
  const checked = run(tool("tsc"), [...options, "--lib", "es2022", ...files], { cwd: folder });
  expect(await checked.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({
    stdout: "",
  });
});

it.each(["nodenext", "bundler"])("has types for OpenFeature, with resolution %s", async (resolution) => {
  const typed = `
    import { createClient } from "@lanyard/sdk-node";
    import { LanyardProvider } from "@lanyard/sdk-node/openfeature";
    import { OpenFeature } from "@openfeature/server-sdk";
    const provider = new LanyardProvider(() => createClient({ url: "http://localhost", key: "k" }), { graceMs: 1 });
    OpenFeature.setProvider(provider);
    // @ts-expect-error a function makes the client
    new LanyardProvider({ url: "http://localhost", key: "k" });
  `;
  writeFileSync(join(folder, "openfeature.mts"), typed);
  const module = resolution === "bundler" ? "esnext" : resolution;
  // OpenFeature's own types want those of Node or of a browser.
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", module];
  const resolved = ["--moduleResolution", resolution, "--lib", "es2022,dom", "openfeature.mts"];
  const checked = run(tool("tsc"), [...options, ...resolved], { cwd: folder });
  expect(await checked.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: "" });
});
