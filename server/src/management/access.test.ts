import { type RouteName, type RouteSpec, routes } from "@lanyard/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Example, examplesFor } from "../testing/examples.ts";
import { addMember, type Caller, createCaller, PASSWORD, setUp, testServer } from "../testing/index.ts";
import type { TestServer } from "../testing/server.ts";

const ROLES = ["viewer", "editor", "maintainer", "owner"] as const;
type Who =
  | (typeof ROLES)[number]
  | "stranger"
  | "anonymous"
  | "admin"
  | "viewer-token"
  | "editor-token"
  | "maintainer-token"
  | "kill-token"
  | "server-key";

const EVERYBODY: Who[] = [
  ...ROLES,
  "stranger",
  "anonymous",
  "admin",
  "viewer-token",
  "editor-token",
  "maintainer-token",
  "kill-token",
  "server-key",
];

/** What each caller hears; whoever is not named succeeds. */
type Expectation = Partial<Record<Who, 401 | 403 | 404>>;

const NOT_A_PERSON: Expectation = { anonymous: 401, "kill-token": 403, "server-key": 403 };
const member: Expectation = { ...NOT_A_PERSON, stranger: 404 };
const editor: Expectation = { ...member, viewer: 403, "viewer-token": 403 };
const maintainer: Expectation = { ...editor, editor: 403, "editor-token": 403 };
const owner: Expectation = { ...maintainer, maintainer: 403, "maintainer-token": 403 };
const sdkOnly: Expectation = {
  ...(Object.fromEntries(EVERYBODY.map((who) => [who, 403])) as Expectation),
  anonymous: 401,
};
delete sdkOnly["server-key"];
const killer: Expectation = { anonymous: 401, "server-key": 403, stranger: 404 };

/** Written out by hand: derived from the contract it would agree with any mistake there. */
const EXPECTED: Record<RouteName, Expectation> = {
  "GET /api/v1/setup": {},
  "POST /api/v1/setup": {},
  "POST /api/v1/session": {},
  "GET /api/v1/session": NOT_A_PERSON,
  "DELETE /api/v1/session": NOT_A_PERSON,
  "GET /api/v1/invitations/{token}": {},
  "POST /api/v1/invitations/{token}/accept": {},
  "GET /api/v1/projects": NOT_A_PERSON,
  "POST /api/v1/projects": {
    ...(Object.fromEntries(EVERYBODY.map((who) => [who, 403])) as Expectation),
    anonymous: 401,
  },
  "GET /api/v1/projects/{project}": member,
  "POST /api/v1/projects/{project}/environments": owner,
  "PATCH /api/v1/projects/{project}/environments/{environment}": owner,
  "GET /api/v1/projects/{project}/environments/{environment}/instances": member,
  "POST /api/v1/projects/{project}/environments/{environment}/drill": editor,
  "GET /api/v1/projects/{project}/members": member,
  "POST /api/v1/projects/{project}/invitations": owner,
  "DELETE /api/v1/projects/{project}/invitations/{invitation}": owner,
  "PATCH /api/v1/projects/{project}/members/{account}": owner,
  "DELETE /api/v1/projects/{project}/members/{account}": owner,
  "GET /api/v1/projects/{project}/attributes": member,
  "PUT /api/v1/projects/{project}/attributes/{name}": maintainer,
  "DELETE /api/v1/projects/{project}/attributes/{name}": maintainer,
  "GET /api/v1/projects/{project}/keys": member,
  "POST /api/v1/projects/{project}/keys": owner,
  "DELETE /api/v1/projects/{project}/keys/{key}": owner,
  "GET /api/v1/projects/{project}/flags": member,
  "POST /api/v1/projects/{project}/flags": editor,
  "GET /api/v1/projects/{project}/flags/{flag}": member,
  "PATCH /api/v1/projects/{project}/flags/{flag}": editor,
  "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}": editor,
  "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore": editor,
  "GET /api/v1/projects/{project}/flags/{flag}/environments/{environment}/usage": member,
  "GET /api/v1/projects/{project}/environments/{environment}/metrics": member,
  "POST /api/v1/projects/{project}/flags/{flag}/archive": maintainer,
  "POST /api/v1/projects/{project}/flags/{flag}/unarchive": maintainer,
  "DELETE /api/v1/projects/{project}/flags/{flag}": maintainer,
  "GET /api/v1/projects/{project}/segments": member,
  "POST /api/v1/projects/{project}/segments": editor,
  "GET /api/v1/projects/{project}/segments/{segment}": member,
  "PATCH /api/v1/projects/{project}/segments/{segment}": editor,
  "DELETE /api/v1/projects/{project}/segments/{segment}": editor,
  "POST /api/v1/kills": { ...killer, viewer: 403, "viewer-token": 403 },
  // The URL carries the token: whoever knows it may.
  "POST /hooks/kill/{token}": {},
  "POST /peers/v1/facts": Object.fromEntries(EVERYBODY.map((who) => [who, 403])) as Expectation,
  "GET /api/v1/kills": killer,
  "GET /api/v1/kills/{kill}": { ...killer, "kill-token": 404 },
  "POST /api/v1/kills/{kill}/lift": { ...maintainer, "kill-token": 403 },
  // A person's, never a token's.
  "POST /api/v1/kills/{kill}/break-glass-lift": owner,
  "GET /api/v1/kill-page": NOT_A_PERSON,
  "GET /api/v1/kill-page/{project}": member,
  "GET /api/v1/projects/{project}/changes": member,
  "GET /api/v1/projects/{project}/changes/{change}": member,
  "GET /api/v1/events": member,
  "POST /api/v1/explain": member,
  "GET /sdk/v1/ruleset": sdkOnly,
  "GET /sdk/v1/stream": sdkOnly,
  "POST /sdk/v1/events": sdkOnly,
  "POST /ofrep/v1/evaluate/flags": sdkOnly,
  "POST /ofrep/v1/evaluate/flags/{key}": sdkOnly,
  // The URL carries the token: whoever knows it may listen.
  "GET /ofrep/v1/stream": {},
  "POST /sdk/v1/receipts": sdkOnly,
};
delete EXPECTED["POST /api/v1/projects"].admin;

const NAMES = Object.keys(routes) as RouteName[];
/** Ending or replacing a caller's session would silence the tests that follow. */
const ENDS_SESSIONS: RouteName[] = [
  "DELETE /api/v1/session",
  "POST /api/v1/session",
  "POST /api/v1/setup",
  "POST /api/v1/invitations/{token}/accept",
];

let server: TestServer;
let ada: Caller;
let olga: Caller;
let examples: Record<RouteName, () => Promise<Example> | Example>;
const callers = new Map<Who, Caller>();

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  callers.set("admin", ada);
  callers.set("anonymous", server.stranger);
  for (const role of ROLES) callers.set(role, await addMember(server, ada, "shop", role));
  await ada.ok("POST /api/v1/projects", { body: { key: "other", name: "Other" } });
  // Ada founded the project, so she sees it like any other after signing in again.
  olga = await addMember(server, ada, "other", "owner");
  callers.set("stranger", olga);
  const params = { project: "shop" };
  for (const role of ["viewer", "editor", "maintainer"] as const) {
    const body = { kind: "management" as const, name: role, role };
    const { secret } = await ada.ok("POST /api/v1/projects/{project}/keys", { params, body });
    callers.set(`${role}-token`, createCaller(server.origin, { authorization: `Bearer ${secret}` }));
  }
  const kill = await ada.ok("POST /api/v1/projects/{project}/keys", {
    params,
    body: { kind: "kill", name: "pager" },
  });
  callers.set("kill-token", createCaller(server.origin, { authorization: `Bearer ${kill.secret}` }));
  const key = await ada.ok("POST /api/v1/projects/{project}/keys", {
    params,
    body: { kind: "server", name: "app", environment: "development" },
  });
  callers.set("server-key", createCaller(server.origin, { authorization: `Bearer ${key.secret}` }));
  examples = examplesFor(server, ada);
});
afterAll(() => server.close());

/** The status alone; streams are let go at once. */
async function statusOf(caller: Caller, name: RouteName, given: Example): Promise<number> {
  const spec: RouteSpec = routes[name];
  if (!spec.raw) return (await caller.call(name, given as never)).status;
  const url = new URL(name.split(" ")[1] ?? "", server.origin);
  for (const [key, value] of Object.entries(given.query ?? {})) url.searchParams.set(key, String(value));
  const response = await fetch(url, { headers: caller.headers });
  await response.body?.cancel();
  return response.status;
}

describe.each(NAMES)("%s", (name) => {
  test("answers each role as the table says", { timeout: 60_000 }, async () => {
    const untouched = await examples[name]();
    for (const who of EVERYBODY) {
      const expected = EXPECTED[name][who];
      if (expected === undefined && who !== "anonymous" && ENDS_SESSIONS.includes(name)) continue;
      const caller = callers.get(who) as Caller;
      // Whoever is refused changes nothing, so one thing to act on serves them all.
      const given = expected === undefined ? await examples[name]() : untouched;
      const status = await statusOf(caller, name, given);
      const told = `${who}: ${status}`;
      if (expected !== undefined) expect(told).toBe(`${who}: ${expected}`);
      else if (name === "POST /api/v1/setup") expect(status).toBe(409);
      else if (who === "admin" || status < 400) expect(status, told).toBeLessThan(400);
      else expect.fail(`${told}, though it may`);
    }
  });
});

const BOUND = NAMES.filter((name) => /\{project\}.*\{/.test(name) && !name.startsWith("PUT"));

test.each(BOUND)("%s does not reach into another project", async (name) => {
  const example = await examples[name]();
  const params = { ...example.params, project: "other" };
  expect(await statusOf(olga, name, { ...example, params })).toBe(404);
});

test.each(["GET /api/v1/kills/{kill}", "POST /api/v1/kills/{kill}/lift"] as const)(
  "%s is not found by another project's owner",
  async (name) => {
    expect(await statusOf(olga, name, await examples[name]())).toBe(404);
  },
);

test("signing out ends the session, and no other", async () => {
  const { headers } = await server.stranger.call("POST /api/v1/session", {
    body: { email: "viewer-shop@example.com", password: PASSWORD },
  });
  const cookie = headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const viewer = createCaller(server.origin, { cookie });
  expect((await viewer.call("DELETE /api/v1/session")).status).toBe(204);
  expect((await viewer.call("GET /api/v1/session")).status).toBe(401);
  expect((await (callers.get("viewer") as Caller).call("GET /api/v1/session")).status).toBe(200);
});
