import type { RouteInput } from "@lanyard/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addMember, type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";

const SAVE_FLAG = "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}";
const SAVE = "PATCH /api/v1/projects/{project}/segments/{segment}";
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
}, 30_000);
afterAll(() => server.close());
beforeEach(() => {
  number += 1;
  key = `beta-${number}`;
});

type Content = RouteInput<"POST /api/v1/projects/{project}/segments">["body"]["content"];
const list = { unit: "targetingKey", included: ["u-1"], excluded: [] };
const country = (operator = "in"): Content => ({
  ...{ unit: "targetingKey", included: [], excluded: [] },
  when: { attribute: "country", operator, values: ["NO"] },
});

const segment = (content: Content, name = key) =>
  ada.call("POST /api/v1/projects/{project}/segments", {
    params: shop,
    body: { key: name, name, content },
  });
async function flag(audience: "server" | "client" = "server") {
  const name = `flag-${number}`;
  await ada.ok("POST /api/v1/projects/{project}/flags", {
    params: shop,
    body: { key: name, name, audience },
  });
  return name;
}
const use = (name: string, when: object, environment = "development") =>
  ada.call(SAVE_FLAG, {
    params: { ...shop, flag: name, environment },
    body: { rules: [{ id: "r1", when: when as never, serve: { variation: "on" } }], message },
  });
const attribute = (name: string, visibility: "public" | "private") =>
  ada.call("PUT /api/v1/projects/{project}/attributes/{name}", {
    params: { ...shop, name },
    body: { type: "string", visibility },
  });

describe("a segment", () => {
  test("is published in every environment, and says where it is used", async () => {
    await segment(list);
    const name = await flag();
    await use(name, { any: [{ segment: key }, { not: { segment: key } }] });
    await segment({ ...list, when: { segment: key } }, `${key}-wide`);
    const found = await ada.ok("GET /api/v1/projects/{project}/segments/{segment}", {
      params: { ...shop, segment: key },
    });
    expect(found.usedBy).toEqual([
      { kind: "flag", key: name, environments: ["development"] },
      { kind: "segment", key: `${key}-wide`, environments: [] },
    ]);
    const deletion = await ada.call("DELETE /api/v1/projects/{project}/segments/{segment}", {
      params: { ...shop, segment: key },
    });
    expect([deletion.status, deletion.problem.code, deletion.problem.context]).toEqual([
      409,
      "in-use",
      { usedBy: found.usedBy },
    ]);
  });

  test("keeps its revisions: a conflict is told, and saving nothing changes nothing", async () => {
    await segment(list);
    const save = (body: RouteInput<typeof SAVE>["body"], revision: number) =>
      ada.call(SAVE, { params: { ...shop, segment: key }, body, headers: { "if-match": `"${revision}"` } });
    expect((await save({ content: { ...list, included: ["u-2"] } }, 1)).body.revision).toBe(2);
    expect((await save({ content: { ...list, included: ["u-3"] } }, 1)).problem.code).toBe(
      "revision-conflict",
    );
    const before = await ada.ok("GET /api/v1/projects/{project}/changes", { params: shop });
    expect((await save({ content: { ...list, included: ["u-2"] } }, 2)).body.revision).toBe(2);
    const after = await ada.ok("GET /api/v1/projects/{project}/changes", { params: shop });
    expect(after.items[0]?.sequence).toBe(before.items[0]?.sequence);
  });

  test("may not refer to itself, nor to what is not there", async () => {
    const { problem } = await segment({ ...list, when: { any: [{ segment: key }, { segment: "nowhere" }] } });
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual([
      "/content/when",
      "/content/when/any/1/segment",
    ]);
  });

  test("that a protected environment uses is guarded like it, through other segments too", async () => {
    await segment(list);
    await segment({ ...list, when: { segment: key } }, `${key}-wide`);
    await use(await flag(), { segment: `${key}-wide` }, "production");
    const params = { ...shop, segment: key };
    const content = { ...list, included: ["u-9"] };
    expect((await editor.call(SAVE, { params, body: { content, message } })).status).toBe(403);
    expect((await ada.call(SAVE, { params, body: { content } })).problem.errors?.[0]?.path).toBe("/message");
    expect((await ada.call(SAVE, { params, body: { content, message } })).body.revision).toBe(2);
  });
});

describe("a flag for browsers", () => {
  test("may test public attributes only; whatever is not registered is private", async () => {
    const name = await flag("client");
    const when = { all: [{ attribute: "plan", operator: "in", values: ["pro"] }] };
    expect((await use(name, when)).problem.errors?.map(({ path }) => path)).toEqual([
      "/rules/0/when/all/0/attribute",
    ]);
    await attribute("plan", "public");
    expect((await use(name, when)).status).toBe(200);
    const hiding = await attribute("plan", "private");
    expect([hiding.status, hiding.problem.errors?.[0]?.path]).toEqual([400, "/visibility"]);
    const forgetting = await ada.call("DELETE /api/v1/projects/{project}/attributes/{name}", {
      params: { ...shop, name: "plan" },
    });
    expect([forgetting.problem.code, forgetting.problem.context]).toEqual(["in-use", { usedBy: [name] }]);
  });

  test("has no list: neither targets, nor a segment with members", async () => {
    const name = await flag("client");
    await segment(list);
    expect((await use(name, { not: { segment: key } })).problem.errors?.[0]?.path).toBe(
      "/rules/0/when/not/segment",
    );
    const targeted = await ada.call(SAVE_FLAG, {
      params: { ...shop, flag: name, environment: "development" },
      body: { targets: [{ unit: "targetingKey", variation: "on", values: ["u-1"] }] },
    });
    expect(targeted.problem.errors?.map(({ path }) => path)).toEqual(["/targets"]);
  });

  test("keeps the segments that it uses open", async () => {
    await attribute("country", "public");
    await segment(country());
    await segment({ ...country(), when: { segment: key } }, `${key}-wide`);
    const name = await flag("client");
    expect((await use(name, { segment: `${key}-wide` })).status).toBe(200);
    const params = { ...shop, segment: key };
    const closing = await ada.call(SAVE, { params, body: { content: list } });
    expect(closing.problem.errors?.[0]).toMatchObject({
      path: "/content",
      message: expect.stringContaining(`"${name}"`),
    });
    const secret: Content = { ...country(), when: { attribute: "salary", operator: "exists" } };
    expect((await ada.call(SAVE, { params, body: { content: secret } })).problem.code).toBe("invalid-input");
  });

  test("needs no flag that browsers do not have, and no algorithm they do not know", async () => {
    const hidden = await flag();
    number += 100;
    const name = await flag("client");
    const save = (body: RouteInput<typeof SAVE_FLAG>["body"]) =>
      ada.call(SAVE_FLAG, { params: { ...shop, flag: name, environment: "development" }, body });
    const needing = await save({ prerequisites: [{ flag: hidden, variations: ["on"] }] });
    expect(needing.problem.errors?.[0]?.path).toBe("/prerequisites/0/flag");
    const weights = [{ variation: "on", weight: 100_000 }];
    const split = await save({ fallthrough: { split: { unit: "id", algorithm: "unleash", weights } } });
    expect(split.problem.errors?.[0]?.path).toBe("/fallthrough/split/algorithm");
  });

  test("cannot be made of a flag that tells too much", async () => {
    const name = await flag();
    await use(name, { attribute: "salary", operator: "exists" });
    const { problem } = await ada.call("PATCH /api/v1/projects/{project}/flags/{flag}", {
      params: { ...shop, flag: name },
      body: { audience: "client", message },
    });
    expect(problem.errors?.[0]).toMatchObject({
      path: "/audience",
      message: expect.stringContaining("in development, at /rules/0/when/attribute"),
    });
  });
});
