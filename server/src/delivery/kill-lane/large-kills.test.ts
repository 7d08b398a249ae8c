import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSigner, type KillFact } from "../../fanout/index.ts";
import { type Caller, setUp, type TestServer, testServer } from "../../testing/index.ts";
import { waitFor } from "../../testing/wait-for.ts";
import { createPeers } from "./peers.ts";

/** Together more than any other body may have. */
const FLAGS = 8_000;
const LONG = "x".repeat(80);

const secret = randomBytes(32).toString("hex");
let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await testServer({ secret });
  ada = await setUp(server);
});
afterAll(() => server.close());

test("a kill of thousands of flags reaches a peer", async () => {
  const project = await ada.ok("GET /api/v1/projects/{project}", { params: { project: "shop" } });
  const environmentId = project.environments[0]?.id ?? "";
  const fact: KillFact = {
    kind: "kill",
    id: "kill_of_everything",
    projectId: project.id,
    reason: "it burns",
    selector: { tag: "all" },
    expiresAt: null,
    actor: { kind: "system", id: "system", name: "another node" },
    at: new Date().toISOString(),
    elements: Array.from({ length: FLAGS }, (_, index) => ({ environmentId, flag: `${LONG}-${index}` })),
  };
  await createPeers([new URL(server.origin)], createSigner(secret)).tell(fact);
  const seen = await waitFor(
    "the record",
    async () => {
      const answer = await ada.call("GET /api/v1/kills/{kill}", { params: { kill: fact.id } });
      return answer.status === 200 && answer.body;
    },
    60_000,
  );
  expect(seen.elements).toHaveLength(FLAGS);
}, 90_000);

test("a stranger's megabytes are not read", async () => {
  const body = JSON.stringify({ sealed: "0".repeat(2_000_000) });
  const claim = createSigner("another secret").seal("peers length", String(body.length));
  for (const headers of [{}, { authorization: `Bearer ${claim}` }]) {
    const answer = await fetch(`${server.origin}/peers/v1/facts`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "body-too-large" });
  }
});
