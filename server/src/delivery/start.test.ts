import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changes } from "../database/schema/index.ts";
import {
  createCaller,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../testing/index.ts";
import { type Plug, plugInto } from "../testing/plug.ts";
import { openSdkStream } from "../testing/sdk-stream.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

let database: TestDatabase;
let postgres: Plug;
/** Of the shop that the first test makes. */
let serverKey: string;
let pagerHeaders: { authorization: string };
let adaHeaders: Record<string, string>;
const dataDir = mkdtempSync(join(tmpdir(), "lanyard-data-"));
const secret = randomBytes(32).toString("hex");

beforeAll(async () => {
  database = await testDatabase();
  postgres = await plugInto(database.url);
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (folder = dataDir) => testServer({ databaseUrl: postgres.url, secret, dataDir: folder });
const readiness = async (node: TestServer) => (await fetch(`${node.origin}/readyz`)).status;

test("a node that starts while PostgreSQL is away serves, kills, and drains what an earlier run journaled", async () => {
  const first = await start();
  const ada = await setUp(first);
  const shop = shopOf(ada);
  await shop.flag("checkout", { tags: ["payments"] });
  await shop.flag("search");
  const { secret: key } = await shop.key("server");
  const pager = { authorization: `Bearer ${(await shop.key("kill")).secret}` };
  serverKey = key;
  pagerHeaders = pager;
  adaHeaders = ada.headers;
  const kill = async (node: TestServer, selector: object, headers: Record<string, string> = pager) =>
    (
      await createCaller(node.origin, headers).call("POST /api/v1/kills", {
        body: { project: "shop", environments: ["development"], reason: "it burns", ...selector },
      })
    ).body;
  await waitFor("the node to know the tags", async () => {
    const { tags } = await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
    return tags.includes("payments");
  });
  await postgres.pull();
  const journaled = await kill(first, { flags: ["search"] });
  expect(journaled).toMatchObject({ durable: ["journal"] });
  await first.close();

  const second = await start();
  expect(await readiness(second)).toBe(200);
  const stream = await openSdkStream(second.origin, key);
  const { data: ruleset } = await stream.next("put");
  expect(Object.keys(ruleset.flags)).toEqual(["checkout", "search"]);
  expect(ruleset.kills).toMatchObject([{ id: journaled.id, flag: "search" }]);
  const byTag = await kill(second, { tag: "payments" });
  expect(byTag).toMatchObject({ flags: ["checkout"], durable: ["journal"], pending: ["postgres"] });
  await stream.next("kill", ({ data }) => data.elements[0].id === byTag.id);
  const byPerson = await kill(second, { flags: ["search"] }, ada.headers);
  expect(byPerson).toMatchObject({ flags: ["search"], durable: ["journal"] });

  await postgres.restore();
  for (const { id } of [journaled, byTag, byPerson])
    await waitFor("the record", async () => {
      const rows = await second.services.database.read
        .select({ action: changes.action })
        .from(changes)
        .where(eq(changes.subjectKey, id))
        .catch(() => []);
      expect(rows.length).toBeLessThan(2);
      return rows.length === 1;
    });
  await stream.close();
  await second.close();
});

test("a node that starts again, from PostgreSQL or from its folder alone, takes an SDK on by a patch", async () => {
  const first = await start();
  const ada = createCaller(first.origin, adaHeaders);
  const { epoch, revision } = await createCaller(first.origin, { authorization: `Bearer ${serverKey}` }).ok(
    "GET /sdk/v1/ruleset",
  );
  await shopOf(ada).turn("checkout", true);
  await first.close();

  const expectPatch = async (node: TestServer) => {
    const stream = await openSdkStream(node.origin, serverKey, { epoch, revision });
    await stream.next("heartbeat");
    const [patch] = stream.frames.filter(({ event }) => event === "patch" || event === "put");
    expect(patch).toMatchObject({ event: "patch", data: { from: revision, to: revision + 1 } });
    expect(Object.keys(patch?.data.flags)).toEqual(["checkout"]);
    await stream.close();
    await node.close();
  };
  await expectPatch(await start());
  await postgres.pull();
  await expectPatch(await start());
  await postgres.restore();
});

test("a node that has neither PostgreSQL nor a copy is not ready until it has", async () => {
  const empty = mkdtempSync(join(tmpdir(), "lanyard-data-"));
  await postgres.pull();
  const node = await start(empty);
  expect(await readiness(node)).toBe(503);
  const refused = await createCaller(node.origin).call("GET /api/v1/setup");
  expect(refused.problem).toMatchObject({ status: 503, code: "unavailable" });
  await postgres.restore();
  await waitFor("readiness", async () => (await readiness(node)) === 200);
  await node.close();
  rmSync(empty, { recursive: true, force: true });
});

test("with no database and no Redis a kill goes to the nodes named as peers, and only if this instance signed it", async () => {
  const folders = [
    mkdtempSync(join(tmpdir(), "lanyard-data-")),
    mkdtempSync(join(tmpdir(), "lanyard-data-")),
  ];
  const other = await start(folders[0]);
  const node = await testServer({
    databaseUrl: postgres.url,
    secret,
    dataDir: folders[1] as string,
    peers: [other.origin],
  });
  const stream = await openSdkStream(other.origin, serverKey);
  await stream.next("heartbeat");
  await postgres.pull();
  const { status, body } = await waitFor("the peer to have the kill", async () => {
    const answer = await createCaller(node.origin, pagerHeaders).call("POST /api/v1/kills", {
      body: { project: "shop", environments: ["development"], flags: ["search"], reason: "it burns" },
    });
    return answer.body.reach !== "this node" && answer;
  });
  expect(status).toBe(202);
  expect(body).toMatchObject({ durable: ["journal"], reach: "this node and its peers" });
  await stream.next("kill", ({ data }) => data.elements.some(({ id }: { id: string }) => id === body.id));
  const forged = await createCaller(other.origin).call("POST /peers/v1/facts", {
    body: { sealed: `${"0".repeat(64)}{"kind":"lift"}` },
  });
  expect(forged.status).toBe(403);
  await postgres.restore();
  await stream.close();
  await Promise.all([node.close(), other.close()]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
