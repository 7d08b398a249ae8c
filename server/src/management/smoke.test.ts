import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../testing/index.ts";

describe.each([{ embedded: false }, { embedded: true }])("a first flag, embedded: $embedded", (options) => {
  let server: TestServer;
  let ada: Caller;

  beforeAll(async () => {
    server = await testServer(options);
    ada = await setUp(server);
  });
  afterAll(() => server.close());

  const shop = { project: "shop" };

  test("is made turned off, targeted at a quarter, and listed", async () => {
    await ada.ok("POST /api/v1/projects/{project}/flags", {
      params: shop,
      body: { key: "new-checkout", name: "New checkout" },
    });
    const fallthrough = {
      split: {
        unit: "targetingKey",
        weights: [
          { variation: "on", weight: 25_000 },
          { variation: "off", weight: 75_000 },
        ],
      },
    };
    const saved = await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
      params: { ...shop, flag: "new-checkout", environment: "development" },
      body: { on: true, fallthrough },
    });
    expect(saved.environments.development?.revision).toBe(2);
    expect(saved.environments.development?.targeting.fallthrough).toEqual(fallthrough);
    expect(saved.environments.production?.on).toBe(false);
    const list = await ada.ok("GET /api/v1/projects/{project}/flags", {
      params: shop,
      query: { state: "on", environment: "development", search: "CHECK" },
    });
    expect(list).toMatchObject({ total: 1, cursor: null, items: [{ key: "new-checkout" }] });
    const project = await ada.ok("GET /api/v1/projects/{project}", { params: shop });
    expect(project.environments.map(({ key, revision }) => [key, revision])).toEqual([
      ["development", 2],
      ["production", 1],
    ]);
  });
});
