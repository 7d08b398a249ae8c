import { randomUUID } from "node:crypto";
import { DRILL_FLAG } from "@lanyard/evaluation";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { killReceipts } from "../../database/schema/index.ts";
import {
  addMember,
  type Caller,
  createCaller,
  setUp,
  type TestServer,
  testServer,
} from "../../testing/index.ts";
import { type TestInstance, testInstance } from "../../testing/instances.ts";
import { metricOf } from "../../testing/metric.ts";
import { shopOf } from "../../testing/shop.ts";
import { waitFor } from "../../testing/wait-for.ts";

let server: TestServer;
let ada: Caller;
let pager: Caller;
let shop: ReturnType<typeof shopOf>;
let key: string;
const open: TestInstance[] = [];
const shopDevelopment = { project: "shop", environment: "development" };

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  shop = shopOf(ada);
  await shop.flag("checkout");
  key = (await shop.key("server")).secret;
  pager = createCaller(server.origin, { authorization: `Bearer ${(await shop.key("kill")).secret}` });
});
afterAll(() => server.close());

afterEach(async () => {
  for (const instance of open.splice(0)) {
    await instance.say({ leaving: true });
    await instance.stream.close();
  }
});

async function connect(options?: Parameters<typeof testInstance>[2]): Promise<TestInstance> {
  const instance = await testInstance(server.origin, key, options);
  open.push(instance);
  return instance;
}

const kill = (wait?: string, by = pager) =>
  by.ok("POST /api/v1/kills", {
    ...(wait !== undefined && { query: { wait } }),
    body: {
      project: "shop",
      environments: ["development"],
      // Who kills the same twice kills once; these are to be several.
      flags: ["checkout", `gone-${randomUUID()}`],
      reason: "it burns",
    },
  });
const killOn = async (instances: TestInstance[]) => {
  const id = (await kill()).id;
  await Promise.all(instances.map((instance) => instance.confirm(id)));
  return id;
};
const receiptsOf = (id: string, by = ada) =>
  waitFor("the kill on record", async () => {
    const { status, body } = await by.call("GET /api/v1/kills/{kill}", { params: { kill: id } });
    return status === 200 && body.receipts;
  });
const instances = () =>
  ada.ok("GET /api/v1/projects/{project}/environments/{environment}/instances", { params: shopDevelopment });

describe("a kill's receipts", () => {
  test("count who confirmed, how fast, and name who has not", async () => {
    const [first, second] = [await connect(), await connect()];
    const silent = await connect({ app: "worker", host: "batch-9" });
    const id = await killOn([first, second]);
    const receipts = await receiptsOf(id);
    expect(receipts).toMatchObject({
      seen: 3,
      confirmed: 2,
      sampled: false,
      scope: "this-node",
      browsers: null,
      stragglers: [
        { instance: silent.id, environment: "development", app: "worker", host: "batch-9", stale: false },
      ],
    });
    expect(receipts?.p99Ms).toBeGreaterThanOrEqual(receipts?.p50Ms ?? Number.NaN);
  });

  test("take off the time that an instance held the frame, and count nobody twice", async () => {
    const instance = await connect();
    const { id } = await kill();
    await instance.say({ kills: [{ id, heldMs: 600_000 }] });
    await instance.confirm(id);
    expect(await receiptsOf(id)).toMatchObject({ seen: 1, confirmed: 1, p50Ms: 0, p99Ms: 0 });
  });

  test("do not wait for who has left", async () => {
    const [stays, leaves] = [await connect(), await connect()];
    const id = await killOn([stays]);
    expect(await receiptsOf(id)).toMatchObject({ seen: 2, confirmed: 1 });
    await leaves.say({ leaving: true });
    expect(await receiptsOf(id)).toMatchObject({ seen: 1, confirmed: 1, stragglers: [] });
  });

  test("are read by a kill token of its own kills only", async () => {
    const own = (await kill()).id;
    const adas = (await kill(undefined, ada)).id;
    expect(await receiptsOf(own, pager)).toMatchObject({ seen: 0, confirmed: 0 });
    expect((await pager.call("GET /api/v1/kills/{kill}", { params: { kill: adas } })).status).toBe(404);
  });

  test("of pages are a sample apart, and a page cannot pass for an instance", async () => {
    const { secret } = await shop.key("client");
    const page = createCaller(server.origin, {
      authorization: `Bearer ${secret}`,
      "lanyard-instance": "11111111-1111-4111-8111-111111111111",
    });
    const { id } = await kill();
    await waitFor("the receipt to be taken", async () => {
      const { status } = await page.call("POST /sdk/v1/receipts", {
        body: { app: "fake", host: "fake", epoch: 1, revision: 1, kills: [{ id, heldMs: 600_000 }] },
      });
      return status === 202;
    });
    expect(await receiptsOf(id)).toMatchObject({ seen: 0, browsers: { confirmed: 1, p50Ms: 0, p99Ms: 0 } });
    expect((await instances()).items).toEqual([]);
  });

  test("come from where the kill holds, and from nowhere else", async () => {
    const { secret } = await shop.key("server", "production");
    const elsewhere = await testInstance(server.origin, secret);
    const { id } = await kill();
    await elsewhere.say({ kills: [{ id, heldMs: 0 }] });
    expect(await receiptsOf(id)).toMatchObject({ seen: 0, confirmed: 0 });
    await elsewhere.say({ leaving: true });
    await elsewhere.stream.close();
  });

  test("reach open pages of the UI as they come", async () => {
    const instance = await connect();
    const controller = new AbortController();
    const response = await fetch(`${server.origin}/api/v1/events?project=shop`, {
      headers: ada.headers,
      signal: controller.signal,
    });
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
    })().catch(() => {});
    const id = await killOn([instance]);
    await waitFor("the receipts", () =>
      text
        .split("\n")
        .filter((line) => line.startsWith("data: "))
        .map((line) => JSON.parse(line.slice(6)))
        .some(({ type, kill, receipts }) => type === "receipts" && kill === id && receipts.confirmed === 1),
    );
    controller.abort();
    await reading;
  });
});

describe("a kill call that waits", () => {
  test("answers when all have confirmed", async () => {
    const [first, second] = [await connect(), await connect()];
    const began = performance.now();
    const answering = kill("10s");
    const hears = ({ stream }: TestInstance) => stream.next("kill", ({ data }) => data.elements.length === 1);
    const frames = await Promise.all([first, second].map(hears));
    for (const [at, instance] of [first, second].entries())
      await instance.say({ kills: [{ id: frames[at]?.data.elements[0].id, heldMs: 0 }] });
    const { receipts } = await answering;
    expect(receipts).toMatchObject({ seen: 2, confirmed: 2, stragglers: [] });
    expect(performance.now() - began).toBeLessThan(9_000);
  });

  test("answers at the limit, and names who has not", async () => {
    const silent = await connect({ host: "web-7" });
    const began = performance.now();
    const { receipts } = await kill("300ms");
    expect(performance.now() - began).toBeGreaterThanOrEqual(300);
    expect(receipts).toMatchObject({
      seen: 1,
      confirmed: 0,
      stragglers: [{ instance: silent.id, host: "web-7" }],
    });
  });

  test("answers at once when nobody is there", async () => {
    expect((await kill("10s")).receipts).toMatchObject({ seen: 0, confirmed: 0, p99Ms: null });
  });

  test("waits ten seconds at most", async () => {
    const { status, problem } = await pager.call("POST /api/v1/kills", {
      query: { wait: "11s" },
      body: { project: "shop", environments: ["development"], flags: ["checkout"], reason: "it burns" },
    });
    expect(status).toBe(400);
    expect(problem.errors).toMatchObject([{ in: "query", path: "/wait", message: "is at most 10s" }]);
  });
});

describe("a kill that grows under its id", () => {
  const tagged = async (flag: string) => {
    await shop.flag(flag, { tags: ["growing", `of-${flag}`] });
    await waitFor("the tag to be known", async () => {
      const { tags } = await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
      return tags.includes(`of-${flag}`);
    });
  };
  const killTag = (wait: string) =>
    pager.ok("POST /api/v1/kills", {
      query: { wait },
      body: { project: "shop", environments: ["development"], tag: "growing", reason: "it burns" },
    });

  test("is confirmed when all of it is, whatever was confirmed before", async () => {
    await tagged("one");
    const [counts, trusts] = [await connect(), await connect()];
    const first = await killTag("0s");
    await counts.say({ kills: [{ id: first.id, heldMs: 0, flags: 1 }] });
    await trusts.confirm(first.id);
    expect(await receiptsOf(first.id)).toMatchObject({ seen: 2, confirmed: 2 });

    await tagged("two");
    const second = await killTag("300ms");
    expect(second).toMatchObject({ id: first.id, flags: ["one", "two"] });
    expect(second.receipts).toMatchObject({ seen: 2, confirmed: 0, stragglers: [{}, {}], p99Ms: null });
    // What was said of less, and is only late.
    await counts.say({ kills: [{ id: first.id, heldMs: 0, flags: 1 }] });
    expect(await receiptsOf(first.id)).toMatchObject({ seen: 2, confirmed: 0 });
    await counts.say({ kills: [{ id: first.id, heldMs: 0, flags: 2 }] });
    await trusts.say({ kills: [{ id: first.id, heldMs: 0 }] });
    expect(await receiptsOf(first.id)).toMatchObject({ seen: 2, confirmed: 2, stragglers: [] });
    expect((await killTag("10s")).receipts).toMatchObject({ seen: 2, confirmed: 2 });
  });

  test("keeps what was counted of the newest of it, though more had confirmed the kill before", async () => {
    const instance = await connect();
    const kept = async (id: string) => {
      const [row] = await server.services.database.read
        .select()
        .from(killReceipts)
        .where(eq(killReceipts.killId, id));
      return row?.receipts;
    };
    await tagged("three");
    const { id } = await killTag("0s");
    await instance.say({ kills: [{ id, heldMs: 0 }] });
    await waitFor("one confirmed", async () => (await kept(id))?.confirmed === 1);
    await tagged("four");
    await killTag("0s");
    await waitFor("none confirmed of all of it", async () => (await kept(id))?.confirmed === 0);
  });
});

describe("the instances of an environment", () => {
  test("are listed with what they hold, those behind first", async () => {
    const current = await connect({ app: "shop", host: "web-1" });
    const old = await connect({ app: "worker", host: "batch-1" });
    await old.say({ revision: 0 });
    const list = await waitFor("earlier streams to be gone", async () => {
      const found = await instances();
      return found.streams === 2 && found;
    });
    expect(list).toMatchObject({
      counts: { current: 1, behind: 1, stale: 0 },
      scope: "this-node",
      items: [
        { id: old.id, app: "worker", host: "batch-1", sdk: "test/1.0.0", revision: 0, state: "behind" },
        { id: current.id, app: "shop", revision: list.revision, state: "current" },
      ],
    });
    expect(Math.abs(Date.parse(list.items[0]?.seenAt ?? "") - Date.now())).toBeLessThan(60_000);
  });

  test("say what was wrong with what reached them, and the metrics sum it", async () => {
    const [first, second] = [await connect(), await connect()];
    await first.say({ refusedFrames: 2, mismatches: 1 });
    await second.say({ refusedFrames: 3 });
    const found = (await instances()).items.find(({ id }) => id === first.id);
    expect(found).toMatchObject({ refusedFrames: 2, mismatches: 1 });
    const sums = { refused_frames: 5, mismatches: 1 };
    for (const [name, sum] of Object.entries(sums))
      await waitFor(name, async () => (await metricOf(server.origin, `lanyard_sdk_${name}`)) === sum);
  });

  test("are not for strangers, and a viewer may look", async () => {
    const viewer = await addMember(server, ada, "shop", "viewer");
    const ask = (by: Caller) =>
      by.call("GET /api/v1/projects/{project}/environments/{environment}/instances", {
        params: shopDevelopment,
      });
    expect((await ask(viewer)).status).toBe(200);
    expect((await ask(server.stranger)).status).toBe(401);
  });
});

describe("a drill", () => {
  const drill = () =>
    ada.ok("POST /api/v1/projects/{project}/environments/{environment}/drill", { params: shopDevelopment });
  const drillFrame = ({ stream }: TestInstance) =>
    stream.next("kill", ({ data }) => data.elements[0].flag === DRILL_FLAG);

  test("is confirmed as a kill is, and leaves nothing behind", async () => {
    const instance = await connect();
    const before = await ada.ok("GET /api/v1/projects/{project}/changes", { params: { project: "shop" } });
    const running = drill();
    const { data } = await drillFrame(instance);
    await instance.say({ kills: [{ id: data.elements[0].id, heldMs: 0 }] });
    expect(await running).toMatchObject({ outcome: "confirmed", receipts: { seen: 1, confirmed: 1 } });
    expect((await instances()).drill).toMatchObject({ outcome: "confirmed", receipts: { seen: 1 } });
    const after = await ada.ok("GET /api/v1/projects/{project}/changes", { params: { project: "shop" } });
    expect(after).toEqual(before);
    const later = await connect();
    expect(later.stream.frames.some(({ data }) => JSON.stringify(data).includes(DRILL_FLAG))).toBe(false);
  });

  test("on request is paced, for each environment by itself", async () => {
    const drillIn = (environment: string) =>
      ada.call("POST /api/v1/projects/{project}/environments/{environment}/drill", {
        params: { project: "shop", environment },
      });
    const refused = await waitFor("the limit", async () => {
      const answer = await drillIn("production");
      return answer.status !== 200 && answer;
    });
    expect([refused.status, refused.problem.code]).toEqual([429, "rate-limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("finds who does not hear, and says so to the metrics", async () => {
    await connect({ host: "deaf" });
    const { outcome, receipts } = await drill();
    expect(outcome).toBe("missing");
    expect(receipts.stragglers).toMatchObject([{ host: "deaf" }]);
    const { environments } = await ada.ok("GET /api/v1/projects/{project}", {
      params: { project: "shop" },
    });
    const { id } = environments.find(({ key }) => key === "development") ?? {};
    const metrics = await waitFor("the metrics", async () => {
      const text = await (await fetch(`${server.origin}/metrics`)).text();
      return text.includes(`lanyard_drill_missing{environment="${id}"} 1`) && text;
    });
    expect(metrics).toContain(`lanyard_drill_seen{environment="${id}"} 1`);
    // No key needed to read them, so they tell none.
    expect(metrics).not.toContain("shop");
  });

  test("that nobody is there to hear is not confirmed", async () => {
    expect(await drill()).toMatchObject({ outcome: "nobody", receipts: { seen: 0, confirmed: 0 } });
  });
});

test("what was counted can be read after the node forgot it", async () => {
  const instance = await connect();
  const id = await killOn([instance]);
  const kept = () =>
    server.services.database.read.select().from(killReceipts).where(eq(killReceipts.killId, id));
  const row = await waitFor("the receipts in the database", async () => {
    const [found] = await kept();
    return found?.receipts.confirmed === 1 && found;
  });
  expect(row.receipts).toMatchObject({ seen: 1, confirmed: 1 });
});
