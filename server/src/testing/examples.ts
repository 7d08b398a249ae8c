import { randomBytes } from "node:crypto";
import type { RouteName } from "@lanyard/contract";
import { type Caller, createCaller } from "./caller.ts";
import { PASSWORD } from "./people.ts";
import { recordedKill } from "./recorded-kill.ts";
import type { TestServer } from "./server.ts";

export interface Example {
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean>;
  body?: Record<string, unknown>;
}

const shop = { project: "shop" };
const MESSAGE = { message: "because a test says so" };
const content = { unit: "targetingKey", included: ["u-1"], excluded: [] };

/** One good request for every route, with things of its own to act on. A new route does not compile without one. */
export function examplesFor(
  server: TestServer,
  owner: Caller,
): Record<RouteName, () => Promise<Example> | Example> {
  const fresh = (what: string) => `${what}-${randomBytes(5).toString("hex")}`;
  const flag = async () => {
    const key = fresh("flag");
    await owner.ok("POST /api/v1/projects/{project}/flags", { params: shop, body: { key, name: key } });
    return { ...shop, flag: key };
  };
  const archived = async () => {
    const params = await flag();
    await owner.ok("POST /api/v1/projects/{project}/flags/{flag}/archive", { params, body: MESSAGE });
    return params;
  };
  const segment = async () => {
    const key = fresh("segment");
    const body = { key, name: key, content };
    await owner.ok("POST /api/v1/projects/{project}/segments", { params: shop, body });
    return { ...shop, segment: key };
  };
  const attribute = async () => {
    const params = { ...shop, name: fresh("attribute") };
    await owner.ok("PUT /api/v1/projects/{project}/attributes/{name}", { params, body: { type: "string" } });
    return params;
  };
  let staging: Promise<unknown> | undefined;
  const environment = async () => {
    const body = { key: "staging", name: "Staging", color: "blue" as const };
    staging ??= owner.ok("POST /api/v1/projects/{project}/environments", { params: shop, body });
    await staging;
    return { ...shop, environment: "staging" };
  };
  const key = async () => {
    const body = { kind: "kill" as const, name: fresh("pager") };
    const { id } = await owner.ok("POST /api/v1/projects/{project}/keys", { params: shop, body });
    return { ...shop, key: id };
  };
  const invitation = async () => {
    const email = `${fresh("guest")}@example.com`;
    const body = { email, role: "viewer" as const };
    const { id, link } = await owner.ok("POST /api/v1/projects/{project}/invitations", {
      params: shop,
      body,
    });
    return { id, email, token: new URL(link).hash.replace("#token=", "") };
  };
  const accept = async () => {
    const { token } = await invitation();
    return { params: { token }, body: { name: "Guest", password: PASSWORD } };
  };
  const account = async () => {
    const given = await accept();
    const { body } = await server.stranger.call("POST /api/v1/invitations/{token}/accept", given);
    return { ...shop, account: body.id };
  };
  const place = async () => ({ ...(await flag()), environment: "development" });
  const kill = async () => {
    const { flag: killed } = await flag();
    const body = { ...shop, environments: ["development"], flags: [killed], reason: "a test" };
    return { kill: await recordedKill(owner, body) };
  };
  const project = { params: shop };
  return {
    "GET /api/v1/setup": () => ({}),
    "POST /api/v1/setup": () => ({
      body: {
        token: "lyd_setup_".padEnd(50, "x"),
        email: "eve@example.com",
        name: "Eve",
        password: PASSWORD,
        project: { key: fresh("project"), name: "Eve's" },
      },
    }),
    "POST /api/v1/session": () => ({ body: { email: "ada@example.com", password: PASSWORD } }),
    "GET /api/v1/session": () => ({}),
    "DELETE /api/v1/session": () => ({}),
    "GET /api/v1/invitations/{token}": async () => ({ params: { token: (await invitation()).token } }),
    "POST /api/v1/invitations/{token}/accept": accept,
    "GET /api/v1/projects": () => ({}),
    "POST /api/v1/projects": () => ({ body: { key: fresh("project"), name: "Another" } }),
    "GET /api/v1/projects/{project}": () => project,
    "POST /api/v1/projects/{project}/environments": async () => ({
      ...project,
      body: { key: fresh("env"), name: "Staging", color: "blue" },
    }),
    "PATCH /api/v1/projects/{project}/environments/{environment}": async () => ({
      params: await environment(),
      body: { name: fresh("Staging") },
    }),
    "GET /api/v1/projects/{project}/environments/{environment}/instances": async () => ({
      params: await environment(),
    }),
    "POST /api/v1/projects/{project}/environments/{environment}/drill": async () => ({
      params: await environment(),
    }),
    "GET /api/v1/projects/{project}/members": () => project,
    "POST /api/v1/projects/{project}/invitations": () => ({
      ...project,
      body: { email: `${fresh("guest")}@example.com`, role: "viewer" },
    }),
    "DELETE /api/v1/projects/{project}/invitations/{invitation}": async () => ({
      params: { ...shop, invitation: (await invitation()).id },
    }),
    "PATCH /api/v1/projects/{project}/members/{account}": async () => ({
      params: await account(),
      body: { role: "editor" },
    }),
    "DELETE /api/v1/projects/{project}/members/{account}": async () => ({ params: await account() }),
    "GET /api/v1/projects/{project}/attributes": () => project,
    "PUT /api/v1/projects/{project}/attributes/{name}": () => ({
      params: { ...shop, name: fresh("attribute") },
      body: { type: "string", visibility: "public", description: "" },
    }),
    "DELETE /api/v1/projects/{project}/attributes/{name}": async () => ({ params: await attribute() }),
    "GET /api/v1/projects/{project}/keys": () => project,
    "POST /api/v1/projects/{project}/keys": () => ({
      ...project,
      body: { kind: "server", name: "app", environment: "development" },
    }),
    "DELETE /api/v1/projects/{project}/keys/{key}": async () => ({ params: await key() }),
    "GET /api/v1/projects/{project}/flags": () => ({
      ...project,
      query: { search: "flag", state: "off", environment: "development", sort: "updated", limit: 2 },
    }),
    "POST /api/v1/projects/{project}/flags": () => ({
      ...project,
      body: { key: fresh("flag"), name: "A flag", tags: ["a"] },
    }),
    "GET /api/v1/projects/{project}/flags/{flag}": async () => ({ params: await flag() }),
    "PATCH /api/v1/projects/{project}/flags/{flag}": async () => ({
      params: await flag(),
      body: { name: fresh("name") },
    }),
    "PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}": async () => ({
      params: await place(),
      body: { on: true },
    }),
    "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/restore": async () => ({
      params: await place(),
      body: { revision: 1 },
    }),
    "GET /api/v1/projects/{project}/environments/{environment}/metrics": async () => ({
      params: await environment(),
    }),
    "GET /api/v1/projects/{project}/flags/{flag}/environments/{environment}/usage": async () => ({
      params: await place(),
      query: { minutes: 5 },
    }),
    "POST /api/v1/projects/{project}/flags/{flag}/archive": async () => ({
      params: await flag(),
      body: MESSAGE,
    }),
    "POST /api/v1/projects/{project}/flags/{flag}/unarchive": async () => ({
      params: await archived(),
      body: MESSAGE,
    }),
    "DELETE /api/v1/projects/{project}/flags/{flag}": async () => ({ params: await archived() }),
    "GET /api/v1/projects/{project}/segments": () => project,
    "POST /api/v1/projects/{project}/segments": () => ({
      ...project,
      body: { key: fresh("segment"), name: "A segment", content },
    }),
    "GET /api/v1/projects/{project}/segments/{segment}": async () => ({ params: await segment() }),
    "PATCH /api/v1/projects/{project}/segments/{segment}": async () => ({
      params: await segment(),
      body: { content: { ...content, included: ["u-2"] } },
    }),
    "DELETE /api/v1/projects/{project}/segments/{segment}": async () => ({ params: await segment() }),
    "POST /api/v1/kills": async () => ({
      body: { ...shop, environments: ["development"], flags: [(await flag()).flag], reason: "a test" },
    }),
    "POST /hooks/kill/{token}": async () => {
      const { secret } = await owner.ok("POST /api/v1/projects/{project}/keys", {
        params: shop,
        body: { kind: "kill", name: fresh("alert") },
      });
      const query = { ...shop, environment: "development", flag: (await flag()).flag };
      return { params: { token: secret }, query, body: { reason: "a test" } };
    },
    "POST /peers/v1/facts": () => ({ body: { sealed: "signed by nobody" } }),
    "GET /api/v1/kill-page": () => ({}),
    "GET /api/v1/kill-page/{project}": () => ({ params: shop, query: { search: "a" } }),
    "GET /api/v1/kills": () => ({ query: shop }),
    "GET /api/v1/kills/{kill}": async () => ({ params: await kill() }),
    "POST /api/v1/kills/{kill}/lift": async () => ({ params: await kill(), body: { reason: "over" } }),
    "POST /api/v1/kills/{kill}/break-glass-lift": async () => ({
      params: await kill(),
      body: { ...shop, environments: ["development"], reason: "it cannot wait" },
    }),
    "GET /api/v1/projects/{project}/changes": () => ({
      ...project,
      query: { environment: "development", limit: 3 },
    }),
    "GET /api/v1/projects/{project}/changes/{change}": async () => {
      const { items } = await owner.ok("GET /api/v1/projects/{project}/changes", { params: shop });
      return { params: { ...shop, change: items[0]?.id ?? "" } };
    },
    "GET /api/v1/events": () => ({ query: shop }),
    "POST /api/v1/explain": async () => ({
      body: {
        ...shop,
        environment: "development",
        key: (await flag()).flag,
        context: { targetingKey: "u-1" },
      },
    }),
    "GET /sdk/v1/ruleset": () => ({}),
    "GET /sdk/v1/stream": () => ({}),
    "POST /ofrep/v1/evaluate/flags": () => ({ body: { context: { targetingKey: "u-1" } } }),
    "POST /ofrep/v1/evaluate/flags/{key}": async () => ({
      params: { key: (await flag()).flag },
      body: { context: { targetingKey: "u-1" } },
    }),
    "GET /ofrep/v1/stream": async () => {
      const { secret } = await owner.ok("POST /api/v1/projects/{project}/keys", {
        params: shop,
        body: { kind: "server", name: fresh("app"), environment: "development" },
      });
      const app = createCaller(server.origin, { authorization: `Bearer ${secret}` });
      const { eventStreams } = await app.ok("POST /ofrep/v1/evaluate/flags", { body: {} });
      const uri = eventStreams[0]?.endpoint.requestUri ?? "";
      return { query: { token: new URL(uri, server.origin).searchParams.get("token") ?? "" } };
    },
    "POST /sdk/v1/receipts": () => ({ body: { epoch: 1, revision: 1, kills: [] } }),
    "POST /sdk/v1/events": () => ({ body: { batchId: fresh("batch"), usage: [] } }),
  };
}
