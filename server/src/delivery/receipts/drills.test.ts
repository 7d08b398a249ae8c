import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { testInstance } from "../../testing/instances.ts";
import { metricOf } from "../../testing/metric.ts";
import { shopOf } from "../../testing/shop.ts";
import { waitFor } from "../../testing/wait-for.ts";

let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer({ drillEveryMs: 2_000 });
  ada = await setUp(server);
});
afterAll(() => server.close());

const newestDrill = async () => {
  const { drill } = await ada.ok("GET /api/v1/projects/{project}/environments/{environment}/instances", {
    params: { project: "shop", environment: "development" },
  });
  return drill ?? undefined;
};
const metric = (name: string) => metricOf(server.origin, `lanyard_drill_${name}`);

test("once it had instances an environment is drilled on, and says that nobody is left", async () => {
  const shop = shopOf(ada);
  await shop.flag("checkout");
  const instance = await testInstance(server.origin, (await shop.key("server")).secret);
  const first = await waitFor("a drill", newestDrill);
  expect(first.outcome).not.toBe("nobody");
  await waitFor("the metrics", async () => (await metric("seen")) === 1);

  await instance.say({ leaving: true });
  await instance.stream.close();
  const last = await waitFor("a drill that nobody heard", async () => {
    const drill = await newestDrill();
    return drill?.outcome === "nobody" && drill;
  });
  const isShown = async () => (await metric("timestamp_seconds")) >= Date.parse(last.at) / 1_000;
  await waitFor("the metrics to follow", isShown);
  expect(await metric("seen")).toBe(0);
  await waitFor("the next drill", async () => (await newestDrill())?.at !== last.at);
});
