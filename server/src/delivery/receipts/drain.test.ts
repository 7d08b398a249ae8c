import { expect, test } from "vitest";
import { setUp, type TestServer, testServer } from "../../testing/index.ts";
import { type TestInstance, testInstance } from "../../testing/instances.ts";
import { shopOf } from "../../testing/shop.ts";

const development = { project: "shop", environment: "development" };

/** A node with one instance that never confirms. */
async function scene() {
  const server = await testServer();
  const ada = await setUp(server);
  const shop = shopOf(ada);
  await shop.flag("checkout");
  const silent = await testInstance(server.origin, (await shop.key("server")).secret);
  return { server, ada, silent };
}

/** Once the kill was heard, so that only its receipts are waited for. */
async function drainOnceHeard({ services }: TestServer, { stream }: TestInstance): Promise<void> {
  await stream.next("kill", ({ data }) => data.elements.length > 0);
  await services.drain();
}

test("a kill call that waits is answered with what is known when its node goes", async () => {
  const { server, ada, silent } = await scene();
  const began = performance.now();
  const answering = ada.call("POST /api/v1/kills", {
    query: { wait: "10s" },
    body: { project: "shop", environments: ["development"], flags: ["checkout"], reason: "it burns" },
  });
  await drainOnceHeard(server, silent);
  const { status, body } = await answering;
  expect(performance.now() - began).toBeLessThan(9_000);
  expect(status).toBe(200);
  expect(body.receipts).toMatchObject({ seen: 1, confirmed: 0, stragglers: [{ instance: silent.id }] });
  await server.close();
});

test("a drill that its node cannot wait for blames nobody", async () => {
  const { server, ada, silent } = await scene();
  const answering = ada.call("POST /api/v1/projects/{project}/environments/{environment}/drill", {
    params: development,
  });
  await drainOnceHeard(server, silent);
  const { status, problem } = await answering;
  expect([status, problem.code]).toEqual([503, "unavailable"]);
  const { drill } = await ada.ok("GET /api/v1/projects/{project}/environments/{environment}/instances", {
    params: development,
  });
  expect(drill).toBeNull();
  await server.close();
});
