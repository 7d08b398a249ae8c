import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@lanyard/sdk-node";
import { LanyardProvider } from "@lanyard/sdk-node/openfeature";
import { OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/server-sdk";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import { type Api, setUp } from "../support/api.ts";
import { freePort, type Node, startNode } from "../support/node.ts";
import { failOnComplaints } from "../support/page.ts";

let folder: string;
let env: Record<string, string>;
let node: Node;
let api: Api;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanyard-openfeature-"));
  env = { DATA_DIR: folder, PORT: String(await freePort()) };
  node = await startNode(env);
  api = await setUp(node);
  await api.call("PUT", "/api/v1/projects/web/attributes/plan", {
    type: "string",
    visibility: "public",
    description: "What the customer pays for",
  });
  await makeFlag("banner", { fallthrough: { variation: "on" } });
  await makeFlag("offer", {
    rules: [
      {
        id: "r1",
        when: { attribute: "plan", operator: "in", values: ["pro"] },
        serve: { variation: "on" },
      },
    ],
    fallthrough: { variation: "off" },
  });
});
test.afterAll(async () => {
  await OpenFeature.close();
  await node?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function makeFlag(key: string, targeting: object): Promise<void> {
  await api.call("POST", "/api/v1/projects/web/flags", { key, name: key, audience: "client" });
  const path = `/api/v1/projects/web/flags/${key}/environments/development`;
  await api.call("PATCH", path, { on: true, ...targeting });
}

async function keyFor(kind: "server" | "client", more: object = {}): Promise<string> {
  const body = { kind, name: kind, environment: "development", ...more };
  return (await api.call<{ secret: string }>("POST", "/api/v1/projects/web/keys", body)).secret;
}

async function kill(flag: string): Promise<() => Promise<unknown>> {
  const body = { project: "web", environments: ["development"], flags: [flag], reason: "errors are rising" };
  const { id } = await api.call<{ id: string }>("POST", "/api/v1/kills", body);
  return () => api.call("POST", `/api/v1/kills/${id}/lift`, {});
}

test("a page in React shows flags, a kill, its lift and another context by OpenFeature's hooks", async ({
  page,
}) => {
  failOnComplaints(page);
  const site = await startSite();
  const origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  const key = await keyFor("client", { origins: [origin] });
  const options = encodeURIComponent(JSON.stringify({ url: node.url, key }));
  await page.goto(`${origin}/#${options}`);
  const [banner, offer] = [page.getByLabel("banner"), page.getByLabel("offer")];
  await expect(banner).toHaveText("true STATIC");
  await expect(offer).toHaveText("false DEFAULT");
  const lift = await kill("banner");
  await expect(banner).toHaveText("false DISABLED");
  await lift();
  await expect(banner).toHaveText("true STATIC");
  await page.getByRole("button", { name: "Upgrade" }).click();
  await expect(offer).toHaveText("true TARGETING_MATCH");
  site.close();
});

test("a server follows flags, kills and a node's restart by OpenFeature's events", async () => {
  const key = await keyFor("server");
  const logger = { warn() {} };
  await OpenFeature.setProviderAndWait(
    new LanyardProvider(() => createClient({ url: node.url, key, logger }), { initTimeoutMs: 60_000 }),
  );
  const client = OpenFeature.getClient();
  const told: string[] = [];
  for (const event of [ProviderEvents.Stale, ProviderEvents.Ready])
    client.addHandler(event, () => void told.push(event));
  const changed: string[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
    changed.push(...(details?.flagsChanged ?? []));
  });
  const details = () => client.getBooleanDetails("offer", false, { targetingKey: "ada", plan: "pro" });
  expect(await details()).toMatchObject({ value: true, variant: "on", reason: "TARGETING_MATCH" });

  const lift = await kill("offer");
  await expect.poll(() => changed).toEqual(["offer"]);
  expect(await details()).toMatchObject({ value: false, variant: "off", reason: "DISABLED" });
  await lift();
  await expect.poll(() => changed).toEqual(["offer", "offer"]);

  await node.stop();
  await expect.poll(() => client.providerStatus).toBe(ProviderStatus.STALE);
  expect(await details()).toMatchObject({ value: true });
  node = await startNode(env);
  await expect.poll(() => client.providerStatus, { timeout: 120_000 }).toBe(ProviderStatus.READY);
  expect(told.slice(-2)).toEqual([ProviderEvents.Stale, ProviderEvents.Ready]);
  expect(await details()).toMatchObject({ value: true, reason: "TARGETING_MATCH" });
});

/** Serves the bundled page on an origin of its own. */
async function startSite(): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../support/react-page.ts", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const script = outputFiles[0]?.text ?? "";
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><body><script type="module" src="/page.js"></script>');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
