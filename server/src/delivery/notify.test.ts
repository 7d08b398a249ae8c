import { randomBytes } from "node:crypto";
import { afterAll, test, vi } from "vitest";
import { createCaller, setUp, testDatabase, testServer } from "../testing/index.ts";
import { openSdkStream } from "../testing/sdk-stream.ts";
import { shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const database = await testDatabase();
const options = { databaseUrl: database.url, secret: randomBytes(32).toString("hex") };
// Whatever these nodes would do now and then, they never do: no poll, no drain, no heartbeat.
vi.useFakeTimers({ toFake: ["setInterval"] });
const a = await testServer(options);
const b = await testServer(options);
vi.useRealTimers();
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
  await database.drop();
});

test("without Redis and without the poll, NOTIFY alone carries changes, kills and lifts to another node", async () => {
  const ada = await setUp(a);
  const shop = shopOf(ada);
  await shop.flag("search");
  const { secret } = await shop.key("server");
  // A busy machine may take its database for hung for a moment.
  const stream = await waitFor("a stream", async () => {
    const opened = await openSdkStream(b.origin, secret);
    return opened.response.ok && opened;
  });
  await stream.next("heartbeat");
  await shop.turn("search", true);
  await stream.next("patch", ({ data }) => data.flags.search.on === true);

  const pager = createCaller(a.origin, { authorization: `Bearer ${(await shop.key("kill")).secret}` });
  const { id } = await pager.ok("POST /api/v1/kills", {
    body: { project: "shop", environments: ["development"], flags: ["search"], reason: "it burns" },
  });
  await stream.next("kill", ({ data }) => data.elements[0].id === id);
  await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
  await stream.next("lift", ({ data }) => data.elements[0].id === id);
  await stream.close();
});
