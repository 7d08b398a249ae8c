import type { FlagDetail, RouteInput } from "@lanyard/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addMember, type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { recordedKill } from "../../testing/recorded-kill.ts";

const SAVE = "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}";
const EDIT = "PATCH /api/v1/projects/{project}/flags/{flag}";
const FLAG = "GET /api/v1/projects/{project}/flags/{flag}";
const ARCHIVE = "POST /api/v1/projects/{project}/flags/{flag}/archive";
const UNARCHIVE = "POST /api/v1/projects/{project}/flags/{flag}/unarchive";
const DELETE = "DELETE /api/v1/projects/{project}/flags/{flag}";
const RESTORE = "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore";
type Saving = RouteInput<typeof SAVE>["body"];

const shop = { project: "shop" };
const message = "a test";
let server: TestServer;
let ada: Caller;
let editor: Caller;
let key = "";
let number = 0;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  editor = await addMember(server, ada, "shop", "editor");
});
afterAll(() => server.close());
beforeEach(async () => {
  number += 1;
  key = `flag-${number}`;
  await make(key);
});

async function make(name: string, more: object = {}): Promise<FlagDetail> {
  return ada.ok("POST /api/v1/projects/{project}/flags", {
    params: shop,
    body: { key: name, name, ...more },
  });
}
const at = (environment = "development", flag = key) => ({ ...shop, flag, environment });
const save = (body: Saving, headers: Record<string, string> = {}, who = ada) =>
  who.call(SAVE, { params: at(), body, headers });
const changes = async () =>
  (await ada.ok("GET /api/v1/projects/{project}/changes", { params: shop, query: { limit: 200 } })).items;
const revisionOf = async (environment: string) =>
  (await ada.ok("GET /api/v1/projects/{project}", { params: shop })).environments.find(
    (each) => each.key === environment,
  )?.revision;

describe("making a flag", () => {
  test("gives it on and off, a seed, and no rules", async () => {
    const flag = await ada.ok(FLAG, { params: { ...shop, flag: key } });
    expect(flag.variations).toEqual([
      { id: "on", value: true },
      { id: "off", value: false },
    ]);
    expect(flag.seed).toMatch(/^[a-z0-9]{10,}$/);
    expect(flag.environments.production).toMatchObject({
      on: false,
      revision: 1,
      serves: { variation: "on" },
    });
  });

  test("is refused for a key that is taken", async () => {
    const answer = await ada.call("POST /api/v1/projects/{project}/flags", {
      params: shop,
      body: { key, name: "again" },
    });
    expect([answer.status, answer.problem.code]).toEqual([409, "already-exists"]);
  });

  test("asks for the variations of a text, and checks them all at once", async () => {
    const missing = await ada.call("POST /api/v1/projects/{project}/flags", {
      params: shop,
      body: { key: "text", name: "Text", type: "string" },
    });
    expect(missing.problem.errors?.map(({ path }) => path)).toEqual(["/variations", "/off"]);
    const wrong = await ada.call("POST /api/v1/projects/{project}/flags", {
      params: shop,
      body: {
        key: "text",
        name: "Text",
        type: "string",
        variations: [
          { id: "a", value: "A" },
          { id: "a", value: 1 },
        ],
        off: "none",
      },
    });
    expect(wrong.problem.errors?.map(({ path }) => path).sort()).toEqual([
      "/off",
      "/variations/1/id",
      "/variations/1/value",
    ]);
  });
});

describe("saving targeting", () => {
  test("makes a revision of the flag, of the environment, and one change that names both", async () => {
    const before = (await revisionOf("development")) ?? 0;
    const { body } = await save({ on: true, message: "why not" });
    expect(body.environments.development).toMatchObject({ on: true, revision: 2 });
    expect(await revisionOf("development")).toBe(before + 1);
    expect((await changes())[0]).toMatchObject({
      action: "flag.targeting.saved",
      subject: { kind: "flag", key },
      environment: "development",
      revision: before + 1,
      subjectRevision: 2,
      message: "why not",
      actor: { kind: "user", name: "Ada" },
      before: { on: false },
      after: { on: true },
    });
  });

  test("of what is there already changes nothing", async () => {
    await save({ on: true });
    const [count, revision] = [(await changes()).length, await revisionOf("development")];
    const { body } = await save({ on: true });
    expect(body.environments.development?.revision).toBe(2);
    expect([(await changes()).length, await revisionOf("development")]).toEqual([count, revision]);
  });

  test("answers a conflict with both sides, and keeps what is there", async () => {
    await save({ on: true }, { "if-match": '"1"' });
    const { status, problem } = await save({ on: false }, { "if-match": '"1"' });
    expect([status, problem.code]).toEqual([409, "revision-conflict"]);
    expect(problem.context).toMatchObject({
      current: { environments: { development: { revision: 2, on: true } } },
      yours: { on: false },
    });
  });

  test("names every fault of the rules at its place", async () => {
    const { status, problem } = await save({
      rules: [
        { id: "r1", when: { segment: "nowhere" }, serve: { variation: "maybe" } },
        {
          id: "r1",
          when: { all: [] },
          serve: { split: { unit: "id", weights: [{ variation: "on", weight: 1 }] } },
        },
      ],
      prerequisites: [{ flag: "unknown", variations: ["on"] }],
    });
    expect(status).toBe(400);
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual([
      "/prerequisites/0/flag",
      "/rules/0/serve/variation",
      "/rules/0/when/segment",
      "/rules/1/id",
      "/rules/1/serve/split/weights",
      "/rules/1/when/all",
    ]);
  });

  test("refuses a circle of prerequisites", async () => {
    await make(`${key}-b`);
    await ada.ok(SAVE, {
      params: at("development", `${key}-b`),
      body: { prerequisites: [{ flag: key, variations: ["on"] }] },
    });
    const { problem } = await save({ prerequisites: [{ flag: `${key}-b`, variations: ["on"] }] });
    expect(problem.errors?.[0]).toMatchObject({
      path: "/prerequisites",
      message: expect.stringMatching(/itself/),
    });
  });

  test("in a protected environment asks for the right to, and for a reason", async () => {
    const body = { on: true, message: "now" };
    expect((await editor.call(SAVE, { params: at("production"), body })).status).toBe(403);
    const silent = await ada.call(SAVE, { params: at("production"), body: { on: true } });
    expect(silent.problem.errors?.map(({ path }) => path)).toEqual(["/message"]);
    expect((await ada.call(SAVE, { params: at("production"), body })).status).toBe(200);
  });

  test("takes a stale policy, and null takes it away", async () => {
    // biome-ignore lint/suspicious/noThenProperty: the name is part of the wire contract.
    const policy = { afterSeconds: 60, then: "off" as const };
    const { body } = await save({ stale: policy });
    expect(body.environments.development?.targeting.stale).toEqual(policy);
    const after = await save({ stale: null });
    expect(after.body.environments.development?.targeting).not.toHaveProperty("stale");
  });

  test("an earlier revision comes back as a new change", async () => {
    await save({ on: true });
    await save({ on: false, targets: [{ unit: "targetingKey", variation: "on", values: ["u-1"] }] });
    const { environments } = await ada.ok(RESTORE, { params: at(), body: { revision: 2 } });
    expect(environments.development).toMatchObject({ revision: 4, on: true, targets: 0 });
    const missing = await ada.call(RESTORE, { params: at(), body: { revision: 99 } });
    expect(missing.problem.errors?.[0]?.path).toBe("/revision");
  });
});

describe("editing the definition", () => {
  const edit = (body: RouteInput<typeof EDIT>["body"], headers = {}) =>
    ada.call(EDIT, { params: { ...shop, flag: key }, body, headers });

  test("of words only publishes nothing", async () => {
    const before = await revisionOf("production");
    const { body } = await edit({ name: "Another", tags: ["a", "a", "b"] });
    expect(body).toMatchObject({ name: "Another", tags: ["a", "b"], version: 2 });
    expect(await revisionOf("production")).toBe(before);
    expect((await edit({ name: "Third" }, { "if-match": '"1"' })).problem.code).toBe("revision-conflict");
  });

  test("of variations publishes everywhere at once, and asks for a reason", async () => {
    const variations = [
      { id: "on", value: true },
      { id: "off", value: false },
      { id: "also-on", value: true },
    ];
    expect((await edit({ variations })).problem.errors?.[0]?.path).toBe("/message");
    const { body } = await edit({ variations, message });
    expect(body.environments.development?.revision).toBe(2);
    expect(body.environments.production?.revision).toBe(2);
  });

  test("that takes a variation away says which rules serve it", async () => {
    await save({ fallthrough: { variation: "on" }, on: true });
    const { problem } = await edit({ variations: [{ id: "off", value: false }], message });
    expect(problem.errors?.map(({ path }) => path)).toContain("/variations");
    expect(problem.errors?.some((fault) => fault.message.startsWith("in development, at /fallthrough"))).toBe(
      true,
    );
  });

  test("that a dependant needs is refused, with the list", async () => {
    await make(`${key}-b`);
    await ada.ok(SAVE, {
      params: at("development", `${key}-b`),
      body: { prerequisites: [{ flag: key, variations: ["on"] }] },
    });
    const variations = [
      { id: "yes", value: true },
      { id: "off", value: false },
    ];
    await save({ fallthrough: { variation: "off" } });
    await ada.ok(SAVE, {
      params: at("production"),
      body: { fallthrough: { variation: "off" }, message },
    });
    const { problem } = await edit({ variations, message });
    expect([problem.code, problem.context]).toEqual(["in-use", { usedBy: [`${key}-b`] }]);
    const archiving = await ada.call(ARCHIVE, { params: { ...shop, flag: key }, body: {} });
    expect([archiving.problem.code, archiving.problem.context]).toEqual(["in-use", { usedBy: [`${key}-b`] }]);
  });

  test("of what a killed flag serves is refused, until the kill is lifted", async () => {
    const kill = { ...shop, environments: ["production"], flags: [key], reason: "smoke" };
    const id = await recordedKill(ada, kill);
    const flag = await ada.ok(FLAG, { params: { ...shop, flag: key } });
    expect(flag.environments.production?.kills).toMatchObject([{ id, reason: "smoke", by: { name: "Ada" } }]);
    expect((await edit({ off: "on", message })).problem.code).toBe("flag-killed");
    await ada.ok(ARCHIVE, { params: { ...shop, flag: key }, body: {} });
    expect((await ada.call(DELETE, { params: { ...shop, flag: key } })).problem.code).toBe("flag-killed");
    await ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: { reason: "smoke" } });
    expect((await ada.call(DELETE, { params: { ...shop, flag: key } })).status).toBe(204);
  });
});

describe("archiving", () => {
  test("takes it out of every ruleset; it comes back turned off, and only archived is it deleted", async () => {
    await save({ on: true });
    const where = { params: { ...shop, flag: key } };
    expect((await ada.call(DELETE, where)).problem.code).toBe("not-archived");
    await ada.ok(ARCHIVE, { ...where, body: {} });
    expect((await save({ on: true })).problem.code).toBe("archived");
    const gone = await ada.ok("POST /api/v1/explain", {
      body: { ...shop, environment: "development", key, context: {} },
    });
    expect(gone.reason).toBe("flag-not-found");
    const back = await ada.ok(UNARCHIVE, { ...where, body: {} });
    expect(back.environments.development).toMatchObject({ on: false, revision: 3 });
    await ada.ok(ARCHIVE, { ...where, body: {} });
    await ada.ok(DELETE, where);
    expect((await ada.call(FLAG, where)).status).toBe(404);
    await make(key);
  });

  test("of one that is on in a protected environment asks for a reason", async () => {
    await ada.ok(SAVE, { params: at("production"), body: { on: true, message } });
    const { problem } = await ada.call(ARCHIVE, { params: { ...shop, flag: key }, body: {} });
    expect(problem.errors?.[0]?.path).toBe("/message");
  });
});

test("a new environment has every flag, turned off", async () => {
  await save({ on: true });
  const body = { key: "staging", name: "Staging", color: "orange" as const };
  const made = await ada.ok("POST /api/v1/projects/{project}/environments", { params: shop, body });
  expect(made.revision).toBe(1);
  const flag = await ada.ok(FLAG, { params: { ...shop, flag: key } });
  expect(Object.keys(flag.environments)).toEqual(["development", "production", "staging"]);
  expect(flag.environments.staging).toMatchObject({ on: false, revision: 1, rules: 0 });
  expect(await ada.ok(SAVE, { params: at("staging"), body: { on: true } })).toMatchObject({
    environments: { staging: { on: true, revision: 2 } },
  });
});
