import type { UiEvent } from "@lanyard/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addMember,
  type Caller,
  setUp,
  type TestDatabase,
  type TestServer,
  testDatabase,
  testServer,
} from "../../testing/index.ts";
import { waitFor } from "../../testing/wait-for.ts";

const shop = { project: "shop" };
let database: TestDatabase;
let here: TestServer;
let there: TestServer;
let ada: Caller;

beforeAll(async () => {
  database = await testDatabase();
  const redisUrl = process.env.TEST_REDIS_URL;
  const options = {
    databaseUrl: database.url,
    ...(redisUrl !== undefined && { redisUrl }),
    secret: "the same on every node, long enough",
  };
  [here, there] = await Promise.all([testServer(options), testServer(options)]);
  ada = await setUp(here);
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

interface Watch {
  events: UiEvent[];
  ended: () => boolean;
  close(): Promise<void>;
}

async function watch(server: TestServer, caller: Caller, project = "shop"): Promise<Watch> {
  const abort = new AbortController();
  const response = await fetch(`${server.origin}/api/v1/events?project=${project}`, {
    headers: caller.headers,
    signal: abort.signal,
  });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const events: UiEvent[] = [];
  let over = false;
  const reading = (async () => {
    let rest = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = block.match(/^data: (.*)$/m)?.[1];
        if (data) events.push(JSON.parse(data) as UiEvent);
      }
    }
  })()
    .catch(() => {})
    .finally(() => {
      over = true;
    });
  return {
    events,
    ended: () => over,
    async close() {
      abort.abort();
      await reading;
    },
  };
}

const flag = (key: string) =>
  ada.ok("POST /api/v1/projects/{project}/flags", { params: shop, body: { key, name: key } });
const changesOf = ({ events }: Watch) =>
  events.flatMap((event) => (event.type === "change" ? [event.change.subject.key] : []));

test("a change on one node is told in order on another, without its content", async () => {
  const page = await watch(there, ada);
  await waitFor("the first heartbeat", () => page.events.length > 0);
  for (const key of ["one", "two", "three"]) await flag(key);
  await waitFor("three changes", () => changesOf(page).length === 3);
  expect(changesOf(page)).toEqual(["one", "two", "three"]);
  const [change] = page.events.filter((event) => event.type === "change");
  expect(change).toMatchObject({
    project: "shop",
    change: { action: "flag.created", actor: { name: "Ada" } },
  });
  expect(JSON.stringify(page.events)).not.toContain('"before"');
  await page.close();
});

test("a kill and its lift are told", async () => {
  const page = await watch(there, ada);
  const { id } = await ada.ok("POST /api/v1/kills", {
    body: { ...shop, environments: ["production"], flags: ["one"], reason: "smoke" },
  });
  await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: { reason: "smoke" } });
  const told = { project: "shop", environment: "production", flags: ["one"], kills: [id] };
  await waitFor("kill and lift", () => page.events.some(({ type }) => type === "lift"));
  expect(page.events).toContainEqual({ type: "kill", ...told });
  expect(page.events).toContainEqual({ type: "lift", ...told });
  await page.close();
});

test("another project's changes are not told", async () => {
  await ada.ok("POST /api/v1/projects", { body: { key: "other", name: "Other" } });
  const olga = await addMember(here, ada, "other", "owner");
  const page = await watch(here, olga, "other");
  await flag("secret");
  await ada.ok("POST /api/v1/projects/{project}/flags", {
    params: { project: "other" },
    body: { key: "theirs", name: "Theirs" },
  });
  await waitFor("their change", () => changesOf(page).includes("theirs"));
  expect(changesOf(page)).not.toContain("secret");
  await page.close();
});

test("a stream ends when its person is removed, or signs out, on every node", async () => {
  const vera = await addMember(here, ada, "shop", "viewer", "vera@example.com");
  const max = await addMember(here, ada, "shop", "viewer", "max@example.com");
  const [hers, his] = await Promise.all([watch(there, vera), watch(there, max)]);
  const { id: account } = await vera.ok("GET /api/v1/session");
  await ada.ok("DELETE /api/v1/projects/{project}/members/{account}", { params: { ...shop, account } });
  await max.ok("DELETE /api/v1/session");
  await waitFor("both ends", () => hers.ended() && his.ended());
});
