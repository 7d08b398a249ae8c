import type { RouteInput, Warning } from "@lanyard/contract";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { type TestInstance, testInstance } from "../../testing/instances.ts";
import { shopOf } from "../../testing/shop.ts";

const EDIT = "PATCH /api/v1/projects/{project}/flags/{flag}";
const SAVE = "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}";
const RESTORE = "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore";
const SEGMENTS = "POST /api/v1/projects/{project}/segments";
const SEGMENT = "PATCH /api/v1/projects/{project}/segments/{segment}";
const ATTRIBUTE = "PUT /api/v1/projects/{project}/attributes/{name}";
type When = NonNullable<NonNullable<RouteInput<typeof SAVE>["body"]>["rules"]>[number]["when"];

const project = "shop";
const message = "a test";
const byPattern = { attribute: "email", operator: "matches", values: ["^a"] };
const plain: When = { attribute: "email", operator: "endsWith", values: ["@x.test"] };
let server: TestServer;
let ada: Caller;
let shop: ReturnType<typeof shopOf>;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  shop = shopOf(ada);
  await register("email", "public");
});
afterAll(() => server.close());

const register = (name: string, visibility: "public" | "private") =>
  ada.ok(ATTRIBUTE, { params: { project, name }, body: { type: "string", visibility } });
const save = (flag: string, when: When, environment = "development") =>
  ada.ok(SAVE, {
    params: { project, flag, environment },
    body: { rules: [{ id: "r1", when, serve: { variation: "on" } }], message },
  });
const segment = (key: string, when: When) =>
  ada.ok(SEGMENTS, {
    params: { project },
    body: { key, name: key, content: { ...{ unit: "targetingKey", included: [], excluded: [] }, when } },
  });
const resegment = (key: string, when: When) =>
  ada.ok(SEGMENT, {
    params: { project, segment: key },
    body: { content: { ...{ unit: "targetingKey", included: [], excluded: [] }, when }, message },
  });
const told = ({ warnings }: { warnings: Warning[] }) => warnings.map(({ code, path }) => [code, path]);
const OPT_IN = "operator-opt-in";

describe("an operator that pages have to register", () => {
  test("is told when a flag for browsers is saved with it, and only then", async () => {
    await shop.flag("page", { audience: "client" });
    await shop.flag("service");
    expect(told(await save("service", byPattern))).toEqual([]);
    expect(told(await save("page", plain))).toEqual([]);
    const saved = await save("page", { all: [plain, byPattern] });
    expect(told(saved)).toEqual([
      [OPT_IN, "/environments/development/targeting/rules/0/when/all/1/operator"],
    ]);
    expect(saved.warnings[0]?.detail).toContain('the off variation of "page"');
    expect(saved.environments.development?.targeting.rules).toHaveLength(1);
  });

  test("is not told again by a save that changes nothing, nor by a new name", async () => {
    await shop.flag("calm", { audience: "client" });
    expect(told(await save("calm", byPattern))).toHaveLength(1);
    expect(told(await save("calm", byPattern))).toEqual([]);
    const renamed = await ada.ok(EDIT, { params: { project, flag: "calm" }, body: { name: "Calm" } });
    expect(told(renamed)).toEqual([]);
  });

  test("is told in every environment when the flag is given to browsers", async () => {
    await shop.flag("given");
    await save("given", byPattern);
    await save("given", { not: byPattern }, "production");
    const given = await ada.ok(EDIT, {
      params: { project, flag: "given" },
      body: { audience: "client", message },
    });
    expect(told(given).sort()).toEqual([
      [OPT_IN, "/environments/development/targeting/rules/0/when/operator"],
      [OPT_IN, "/environments/production/targeting/rules/0/when/not/operator"],
    ]);
  });

  test("is told when a revision that has it comes back, and the flag from the archive", async () => {
    await shop.flag("back", { audience: "client" });
    await save("back", byPattern);
    await save("back", plain);
    const params = { project, flag: "back" };
    const restored = await ada.ok(RESTORE, {
      params: { ...params, environment: "development" },
      body: { revision: 2 },
    });
    expect(told(restored)).toHaveLength(1);
    await ada.ok("POST /api/v1/projects/{project}/flags/{flag}/archive", { params, body: {} });
    const unarchived = await ada.ok("POST /api/v1/projects/{project}/flags/{flag}/unarchive", {
      params,
      body: {},
    });
    expect(told(unarchived)).toHaveLength(1);
  });

  test("is told at the segment that a flag for browsers uses, through another one too", async () => {
    await segment("inner", plain);
    await segment("outer", { segment: "inner" });
    await shop.flag("segmented", { audience: "client" });
    expect(told(await resegment("inner", { any: [plain, byPattern] }))).toEqual([]);
    await resegment("inner", plain);
    await save("segmented", { segment: "outer" });
    const saved = await resegment("inner", { any: [plain, byPattern] });
    expect(told(saved)).toEqual([[OPT_IN, "/content/when/any/1/operator"]]);
    expect(saved.warnings[0]?.detail).toContain('"segmented"');
    const again = await save("segmented", { not: { segment: "outer" } });
    expect(told(again)).toEqual([[OPT_IN, "/environments/development/targeting/rules/0/when/not"]]);
  });

  test("is told when what it tests becomes public", async () => {
    await shop.flag("secretive", { audience: "client" });
    const byPlan = { ...byPattern, attribute: "plan" };
    await segment("planned", byPlan);
    expect(told(await save("secretive", { segment: "planned" }))).toEqual([]);
    const opened = await register("plan", "public");
    expect(told(opened)).toEqual([[OPT_IN, "/visibility"]]);
    expect(opened.warnings[0]?.detail).toContain('"secretive"');
    expect(told(await register("plan", "public"))).toEqual([]);
    expect(told(await register("plan", "private"))).toEqual([]);
  });
});

describe("an instance whose SDK is too old", () => {
  const open: TestInstance[] = [];
  const connect = async (sdk: string) => {
    const { secret } = await shop.key("server", "production");
    open.push(await testInstance(server.origin, secret, { sdk }));
  };
  afterEach(async () => {
    for (const instance of open.splice(0)) {
      await instance.say({ leaving: true });
      await instance.stream.close();
    }
  });

  test("is told where it is connected, of a flag and of a segment", async () => {
    await shop.flag("aged");
    await segment("grown", plain);
    await connect("node/0.0.9");
    await connect("node/0.1.0");
    await connect("test/0.0.1");
    expect(told(await save("aged", { segment: "grown" }))).toEqual([]);
    const saved = await save("aged", { segment: "grown" }, "production");
    expect(saved.warnings).toEqual([
      {
        code: "instances-too-old",
        path: "/environments/production/targeting/rules/0/when",
        detail: expect.stringMatching(
          /needs version 0\.1\.0 of the SDK.* in 1 of 3 instances .*in production.*"aged"/,
        ),
      },
    ]);
    const changed = await resegment("grown", { not: plain });
    expect(told(changed)).toEqual([["instances-too-old", "/content/when"]]);
  });

  test("is no matter any more once it has left", async () => {
    await shop.flag("renewed");
    await connect("node/0.0.9");
    expect(told(await save("renewed", plain, "production"))).toHaveLength(1);
    await open[0]?.say({ leaving: true });
    expect(told(await save("renewed", { not: plain }, "production"))).toEqual([]);
  });
});
