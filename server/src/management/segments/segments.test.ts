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
});
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
const saveOver = (body: RouteInput<typeof SAVE>["body"], version: number) =>
  ada.call(SAVE, { params: { ...shop, segment: key }, body, headers: { "if-match": `"${version}"` } });

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
    expect((await saveOver({ content: { ...list, included: ["u-2"] } }, 1)).body.revision).toBe(2);
    expect((await saveOver({ content: { ...list, included: ["u-3"] } }, 1)).problem.code).toBe(
      "revision-conflict",
    );
    const before = await ada.ok("GET /api/v1/projects/{project}/changes", { params: shop });
    expect((await saveOver({ content: { ...list, included: ["u-2"] } }, 2)).body.revision).toBe(2);
    const after = await ada.ok("GET /api/v1/projects/{project}/changes", { params: shop });
    expect(after.items[0]?.sequence).toBe(before.items[0]?.sequence);
  });

  test("loses no edit of its name or description to somebody who had not seen it", async () => {
    await segment(list);
    const renamed = await saveOver({ name: "Early birds" }, 1);
    expect([renamed.body.revision, renamed.body.version]).toEqual([1, 2]);
    const { problem } = await saveOver({ name: key, description: "Who comes first" }, 1);
    expect(problem).toMatchObject({
      code: "revision-conflict",
      context: { current: { name: "Early birds", version: 2 } },
    });
    expect((await saveOver({ description: "Who comes first" }, 2)).body).toMatchObject({
      name: "Early birds",
      version: 3,
    });
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
  test("may ask what is private: it is decided before it leaves", async () => {
    const name = await flag("client");
    await segment(list);
    const when = { any: [{ attribute: "salary", operator: "exists" }, { segment: key }] };
    expect((await use(name, when)).status).toBe(200);
    const targeted = await ada.call(SAVE_FLAG, {
      params: { ...shop, flag: name, environment: "development" },
      body: { targets: [{ unit: "targetingKey", variation: "on", values: ["u-1"] }] },
    });
    expect(targeted.status).toBe(200);
  });

  test("keeps algorithms that browsers do not know out of the segments that it uses", async () => {
    await segment(country());
    await segment({ ...country(), when: { segment: key } }, `${key}-wide`);
    const name = await flag("client");
    expect((await use(name, { segment: `${key}-wide` })).status).toBe(200);
    const bucket = { unit: "id", seed: "s", algorithm: "unleash", below: 50_000 };
    const moving = await ada.call(SAVE, {
      params: { ...shop, segment: key },
      body: { content: { ...country(), when: { bucket } } },
    });
    expect(moving.problem.errors?.[0]).toMatchObject({
      path: "/content",
      message: expect.stringContaining(`"${name}"`),
    });
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

  test("cannot be made of a flag that browsers could not decide", async () => {
    const name = await flag();
    await use(name, { bucket: { unit: "id", seed: "s", algorithm: "unleash", below: 50_000 } });
    const { problem } = await ada.call("PATCH /api/v1/projects/{project}/flags/{flag}", {
      params: { ...shop, flag: name },
      body: { audience: "client", message },
    });
    expect(problem.errors?.[0]).toMatchObject({
      path: "/audience",
      message: expect.stringContaining("in development, at /rules/0/when/bucket/algorithm"),
    });
  });
});
