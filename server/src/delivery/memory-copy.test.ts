import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { setUp, type TestServer, testServer } from "../testing/index.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const dataDir = mkdtempSync(join(tmpdir(), "lanyard-data-"));
const folder = join(dataDir, "memory");
let server: TestServer;

beforeAll(async () => {
  server = await testServer({ dataDir });
});
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const says = (name: string, flag: string) => {
  try {
    return readFileSync(join(folder, name), "utf8").includes(`"${flag}"`);
  } catch {
    return false;
  }
};

/** No file can take a folder's place; one that is just written may come in between. */
const block = (path: string) => {
  try {
    rmSync(path, { force: true });
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
};

test("what could not be written is written once it can be, though nothing changes any more", async () => {
  const shop = shopOf(await setUp(server));
  await shop.flag("checkout");
  const copies = () =>
    readdirSync(dataDir, { recursive: true, encoding: "utf8" })
      .filter((path) => /^memory.env_\w+\.json$/.test(path))
      .map((path) => path.slice("memory/".length))
      .filter((name) => says(name, "checkout"));
  const files = await waitFor("a copy", () => copies().length > 0 && copies());
  for (const name of files) await waitFor("the file to make way", () => block(join(folder, name)));
  await shop.flag("search");
  const half = (name: string) => `${name}.${process.pid}.part`;
  // More than once, since what is learned of the project a moment later is saved too.
  for (const _time of [1, 2]) {
    await waitFor("writing to fail", () => files.every((name) => says(half(name), "search")));
    for (const name of files) rmSync(join(folder, half(name)), { force: true });
  }
  for (const name of files) rmSync(join(folder, name), { recursive: true });
  await waitFor("the copies", () => files.every((name) => says(name, "search")));
}, 120_000);
