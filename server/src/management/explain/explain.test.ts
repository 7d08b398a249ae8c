import { loadVectors } from "@lanyard/evaluation/vectors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { recordedKill } from "../../testing/recorded-kill.ts";

const EXPLAIN = "POST /api/v1/explain";
const shop = { project: "shop", environment: "development" };
let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
});
afterAll(() => server.close());

const files = loadVectors().flatMap((file) => (file.kind === "evaluate" ? [file] : []));

test.each(files)("the server decides $file as every SDK does", { timeout: 60_000 }, async ({ vectors }) => {
  for (const { name, ruleset, key, context, expect: expected } of vectors) {
    const { status, body } = await ada.call(EXPLAIN, { body: { ruleset, key, context } as never });
    const { revision, trace, ...decision } = body;
    expect({ name, status, decision }).toEqual({ name, status: 200, decision: expected });
    expect(revision).toBe(ruleset.revision);
    expect(Array.isArray(trace)).toBe(true);
  }
});

describe("what is live", () => {
  test("is decided with its kills, its segments and the flags it needs", async () => {
    const params = { project: "shop" };
    for (const key of ["base", "top"])
      await ada.ok("POST /api/v1/projects/{project}/flags", { params, body: { key, name: key } });
    await ada.ok("POST /api/v1/projects/{project}/segments", {
      params,
      body: { key: "beta", name: "Beta", content: { unit: "targetingKey", included: ["u-1"], excluded: [] } },
    });
    const save = (flag: string, body: object) =>
      ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
        params: { ...params, flag, environment: "development" },
        body,
      });
    await save("base", { on: true });
    await save("top", {
      on: true,
      prerequisites: [{ flag: "base", variations: ["on"] }],
      rules: [{ id: "r1", when: { segment: "beta" }, serve: { variation: "on" } }],
      fallthrough: { variation: "off" },
    });
    const decide = (targetingKey: string) =>
      ada.ok(EXPLAIN, { body: { ...shop, key: "top", context: { targetingKey } } });
    expect(await decide("u-1")).toMatchObject({ value: true, reason: "rule", ruleId: "r1" });
    expect(await decide("u-2")).toMatchObject({ value: false, reason: "fallthrough" });
    const kill = { project: "shop", environments: ["development"], flags: ["base"], reason: "smoke" };
    const id = await recordedKill(ada, kill);
    expect(await decide("u-1")).toMatchObject({
      value: false,
      reason: "prerequisite-failed",
      prerequisite: "base",
    });
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
    expect(await decide("u-1")).toMatchObject({ value: true, reason: "rule" });
  });
});
