import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { changes } from "../database/schema/index.ts";
import { administer } from "../testing/administer.ts";
import {
  type Caller,
  createCaller,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../testing/index.ts";
import { openSdkStream } from "../testing/sdk-stream.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const secret = randomBytes(32).toString("hex");
const root = mkdtempSync(join(tmpdir(), "lanyard-restored-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const newFolder = () => mkdtempSync(join(root, "data-"));
const params = { project: "shop" };
/** Revisions that the backup lacks. */
const UNDONE = 2;

/** Two revisions and a kill later than the backup. */
interface Served {
  key: string;
  owner: Record<string, string>;
  kill: string;
  epoch: number;
  revision: number;
}

/** A shop with two flags, as it is when the backup is taken. */
async function makeShop(node: TestServer): Promise<Pick<Served, "key" | "owner">> {
  const ada = await setUp(node);
  const shop = shopOf(ada);
  await shop.flag("checkout");
  await shop.flag("search");
  return { key: (await shop.key("server")).secret, owner: ada.headers };
}

async function workOn(node: TestServer, { key, owner }: Pick<Served, "key" | "owner">): Promise<Served> {
  const ada = createCaller(node.origin, owner);
  await shopOf(ada).turn("checkout", true);
  await shopOf(ada).turn("search", true);
  const { body } = await killCheckout(ada);
  const { epoch, revision, kills } = await rulesetOf(node, key);
  expect(kills).toHaveLength(1);
  return { key, owner, kill: body.id, epoch, revision };
}

const killCheckout = (ada: Caller) =>
  ada.call("POST /api/v1/kills", {
    body: { ...params, environments: ["development"], flags: ["checkout"], reason: "it burns" },
  });

const rulesetOf = (node: TestServer, key: string) =>
  createCaller(node.origin, { authorization: `Bearer ${key}` }).ok("GET /sdk/v1/ruleset");

const restoredOn = ({ services }: TestServer) =>
  services.database.read.select().from(changes).where(eq(changes.action, "kill.restored"));

/** SDKs follow, and the kill that the backup lacks holds and is in the database again. */
async function expectNewEpoch(node: TestServer, served: Served): Promise<void> {
  const { epoch, revision } = served;
  const stream = await openSdkStream(node.origin, served.key, { epoch, revision, kills: served.kill });
  const { data } = await stream.next("put");
  expect(data).toMatchObject({ epoch: epoch + 1, revision: revision - UNDONE });
  expect(data.kills).toMatchObject([{ id: served.kill, flag: "checkout" }]);
  expect(stream.frames.some(({ event }) => event === "lift")).toBe(false);
  await stream.close();
  const ada = createCaller(node.origin, served.owner);
  await waitFor("the kill to be on record", async () => {
    const { status, body } = await ada.call("GET /api/v1/kills/{kill}", { params: { kill: served.kill } });
    return status === 200 && body.active;
  });
  expect(await restoredOn(node)).toHaveLength(1);
}

/** What the copy in a folder says of the environment. */
function copyIn(folder: string, kill: string) {
  const memory = join(folder, "memory");
  const files = readdirSync(memory).filter((name) => name.startsWith("env_") && name.endsWith(".json"));
  const copies = files.map((name) => JSON.parse(readFileSync(join(memory, name), "utf8")).environment);
  const { epoch, revision, killed } = copies.find(({ key }) => key === "development");
  return { epoch, revision, holdsKill: killed.some(({ id }: { id: string }) => id === kill) };
}

describe("PostgreSQL", () => {
  let database: TestDatabase;
  let name: string;
  let dataDir: string;
  let served: Served;
  const start = (folder: string, more: { secret?: string } = {}) =>
    testServer({ databaseUrl: database.url, secret, dataDir: folder, ...more });

  /** A server is stopped, and an older backup of its database put back. */
  beforeEach(async () => {
    database = await testDatabase();
    name = new URL(database.url).pathname.slice(1);
    dataDir = newFolder();
    const first = await start(dataDir);
    const made = await makeShop(first);
    await first.close();
    await administer(`create database ${name}_backup template ${name}`);
    const second = await start(dataDir);
    served = await workOn(second, made);
    await second.close();
  });
  afterEach(async () => {
    await administer(`drop database if exists ${name}_backup with (force)`);
    await database.drop();
  });

  async function putBackupBack(): Promise<void> {
    await administer(`drop database ${name} with (force)`);
    await administer(`alter database ${name}_backup rename to ${name}`);
  }

  test("a server that starts on an older backup begins a new epoch and puts the kills back", async () => {
    await putBackupBack();
    const node = await start(dataDir);
    await expectNewEpoch(node, served);
    await node.close();
    expect(copyIn(dataDir, served.kill)).toEqual({
      epoch: served.epoch + 1,
      revision: served.revision - UNDONE,
      holdsKill: true,
    });
    const again = await start(dataDir);
    expect((await rulesetOf(again, served.key)).epoch).toBe(served.epoch + 1);
    await again.close();
  });

  test("of several nodes one with the copy is enough", async () => {
    await putBackupBack();
    const without = await start(newFolder());
    expect(await rulesetOf(without, served.key)).toMatchObject({ epoch: served.epoch, kills: [] });
    const node = await start(dataDir);
    await waitFor("the other node", async () => {
      const { epoch, kills } = await rulesetOf(without, served.key);
      return epoch === served.epoch + 1 && kills.length === 1;
    });
    await expectNewEpoch(without, served);
    await node.close();
    await without.close();
  });

  test("a folder that is older than the database changes nothing", async () => {
    const older = newFolder();
    cpSync(dataDir, older, { recursive: true });
    const now = await start(dataDir);
    const ada = createCaller(now.origin, served.owner);
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: served.kill }, body: {} });
    await shopOf(ada).turn("search", false);
    await now.close();
    const node = await start(older);
    expect(await rulesetOf(node, served.key)).toMatchObject({
      epoch: served.epoch,
      revision: served.revision + 1,
      kills: [],
    });
    expect(await restoredOn(node)).toEqual([]);
    await node.close();
  });

  test("another instance's folder and a damaged one are left alone", async () => {
    await putBackupBack();
    const expectUntouched = async (node: TestServer) => {
      const { epoch, revision, kills } = await rulesetOf(node, served.key);
      expect({ epoch, revision, kills }).toEqual({
        epoch: served.epoch,
        revision: served.revision - UNDONE,
        kills: [],
      });
      await node.close();
    };
    const foreign = newFolder();
    cpSync(dataDir, foreign, { recursive: true });
    await expectUntouched(await start(foreign, { secret: randomBytes(32).toString("hex") }));
    for (const name of readdirSync(join(dataDir, "memory"))) {
      const file = join(dataDir, "memory", name);
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.slice(0, text.length / 2));
    }
    await expectUntouched(await start(dataDir));
  });
});

test("an embedded database that lost its newest commits begins a new epoch too", async () => {
  const folder = newFolder();
  const start = () => testServer({ embedded: true, secret, dataDir: folder });
  const first = await start();
  const made = await makeShop(first);
  await first.close();
  const [lives, kept] = [join(folder, "postgres"), join(root, "kept")];
  cpSync(lives, kept, { recursive: true });
  const second = await start();
  const served = await workOn(second, made);
  await second.close();
  rmSync(lives, { recursive: true });
  cpSync(kept, lives, { recursive: true });
  const node = await start();
  await expectNewEpoch(node, served);
  await node.close();
}, 240_000);
