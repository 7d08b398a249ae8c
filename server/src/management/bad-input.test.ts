import { type RouteName, type RouteSpec, routes } from "@lanyard/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Example, examplesFor } from "../testing/examples.ts";
import { type Caller, createCaller, setUp, type TestServer, testServer } from "../testing/index.ts";
import { toCursor } from "./paging.ts";

/** OFREP's errors have a shape of their own, and it takes what is missing for empty: its tests are in its folder. */
const NAMES = (Object.keys(routes) as RouteName[]).filter((name) => !name.includes(" /ofrep/"));
const specOf = (name: RouteName): RouteSpec => routes[name];
/** An alert's body is of somebody else's making: whatever it says, it kills. */
const withBody = NAMES.filter((name) => specOf(name).body && name !== "POST /hooks/kill/{token}");
const withQuery = NAMES.filter((name) => specOf(name).query && !specOf(name).raw);
const withParams = NAMES.filter((name) => specOf(name).params);

let server: TestServer;
let ada: Caller;
let app: Caller;
let examples: Record<RouteName, () => Promise<Example> | Example>;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  const { secret } = await ada.ok("POST /api/v1/projects/{project}/keys", {
    params: { project: "shop" },
    body: { kind: "server", name: "app", environment: "development" },
  });
  app = createCaller(server.origin, { authorization: `Bearer ${secret}` });
  examples = examplesFor(server, ada);
});
afterAll(() => server.close());

const TABLES = [
  ...[
    "accounts",
    "api_keys",
    "attributes",
    "changes",
    "environments",
    "flag_heads",
    "flag_revisions",
    "flags",
  ],
  ...["invitations", "kill_elements", "kills", "lift_elements", "memberships", "projects", "publications"],
  ...["segment_revisions", "segments", "sessions", "usage_batches", "usage_minutes"],
];

/** How many rows every table has, and where every project's record ends. */
async function countRows(): Promise<unknown> {
  const counts = TABLES.map((table) => `select '${table}' as name, count(*)::int as rows from ${table}`);
  const heads = "select 'record ' || key as name, change_sequence::int as rows from projects";
  const { rows } = (await server.services.database.raw.execute(
    sql.raw([...counts, heads].join(" union all ")),
  )) as unknown as { rows: unknown[] };
  return rows;
}

/** Sends it and expects a problem that names `path`, and nothing written. */
async function expectFault(
  name: RouteName,
  given: Example | { body: unknown },
  path: string,
  where = "body",
) {
  const caller = specOf(name).access === "sdk" ? app : ada;
  const before = await countRows();
  const { status, problem, headers } = await caller.call(name, given as never);
  const told = `${name} ${path}: ${JSON.stringify(problem)}`;
  expect(status, told).toBe(400);
  expect(headers.get("content-type"), told).toMatch(/^application\/problem\+json/);
  expect(problem.code, told).toBe("invalid-input");
  expect(
    problem.errors?.map((fault) => `${fault.in} ${fault.path}`),
    told,
  ).toContain(`${where} ${path}`);
  expect(await countRows(), told).toEqual(before);
}

describe.each(withBody)("%s", (name) => {
  test("names every fault of a body", async () => {
    const example = await examples[name]();
    const body = example.body ?? {};
    await expectFault(name, { ...example, body: [1] as never }, "");
    await expectFault(name, { ...example, body: { ...body, nonsense: 1 } }, "/nonsense");
    for (const member of Object.keys(body)) {
      const wrong = { ...body, [member]: { "not a": ["value"] } };
      if (member !== "context") await expectFaultBelow(name, { ...example, body: wrong }, `/${member}`);
      if (specOf(name).anyText) continue;
      const text = { ...body, [member]: "\0" };
      await expectFaultBelow(name, { ...example, body: text }, `/${member}`);
    }
  });

  test("refuses what is not JSON, or too deep, or of another type", async () => {
    const example = await examples[name]();
    const caller = specOf(name).access === "sdk" ? app : ada;
    const before = await countRows();
    const send = async (body: string, type = "application/json") => {
      const path =
        name.split(" ")[1]?.replaceAll(/\{(\w+)\}/g, (_, part) => example.params?.[part] ?? "") ?? "";
      const response = await fetch(new URL(path, server.origin), {
        method: name.split(" ")[0] ?? "",
        headers: { ...caller.headers, "content-type": type },
        body,
      });
      return ((await response.json()) as { code: string }).code;
    };
    expect(await send("{")).toBe("malformed-json");
    expect(await send(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`)).toBe("invalid-input");
    expect(await send("a=1", "application/x-www-form-urlencoded")).toBe("unsupported-media-type");
    expect(await countRows()).toEqual(before);
  });
});

/** The fault lies at `path` or inside of it. */
async function expectFaultBelow(name: RouteName, given: Example, path: string) {
  const caller = specOf(name).access === "sdk" ? app : ada;
  const before = await countRows();
  const { status, problem } = await caller.call(name, given as never);
  const told = `${name} ${path}: ${JSON.stringify(problem)}`;
  expect(status, told).toBe(400);
  expect(
    problem.errors?.some((fault) => fault.path === path || fault.path.startsWith(`${path}/`)),
    told,
  ).toBe(true);
  expect(await countRows(), told).toEqual(before);
}

/** Such as no list makes, though they decode. */
const WRONG_CURSORS = [[{}], ["x", "y"], [1.5], [8e15, "y"], [-1, "y"], ["x\0"], [1, "y\0"]].map(
  (parts) => ["cursor", toCursor(...(parts as string[]))] as const,
);

test.each(withQuery)("%s names a fault of its query", async (name) => {
  const example = await examples[name]();
  for (const [member, value] of [
    ["limit", "0"],
    ["cursor", "not one of ours"],
    ...WRONG_CURSORS,
    ["minutes", "none"],
    ["project", "NO KEY"],
    ["kills", "k".repeat(9_000)],
  ] as const) {
    if (!specOf(name).query?.shape[member]) continue;
    await expectFault(
      name,
      { ...example, query: { ...example.query, [member]: value } },
      `/${member}`,
      "query",
    );
  }
});

test.each(withParams)("%s names a fault of its path", async (name) => {
  const example = await examples[name]();
  for (const member of Object.keys(specOf(name).params?.shape ?? {})) {
    const params = { ...example.params, [member]: "\0" };
    await expectFault(name, { ...example, params }, `/${member}`, "path");
  }
});

test("all faults come at once, with the pointer of each", async () => {
  const { problem } = await ada.call("POST /api/v1/projects/{project}/flags", {
    params: { project: "shop" },
    body: { key: "No Key", name: "", type: "text" as never, tags: ["ok", ""] },
  });
  expect(problem.errors?.map(({ path }) => path).sort()).toEqual(["/key", "/name", "/tags/1", "/type"]);
});

test("a revision that is none is a fault of the header", async () => {
  const name = "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}";
  const example = await examples[name]();
  for (const header of ["7", '"x"', 'W/"7"']) {
    const { status, problem } = await ada.call(name, {
      ...example,
      headers: { "if-match": header },
    } as never);
    expect([status, problem.errors?.[0]?.in, problem.errors?.[0]?.path]).toEqual([
      400,
      "header",
      "/if-match",
    ]);
  }
});

test("a stranger's body is not parsed", async () => {
  const response = await fetch(`${server.origin}/api/v1/explain`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{",
  });
  expect(response.status).toBe(401);
});
