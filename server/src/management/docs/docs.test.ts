import { routes } from "@lanyard/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestServer, testServer } from "../../testing/index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

test("the API describes itself to tools", async () => {
  const response = await fetch(`${server.origin}/api/v1/openapi.json`);
  const document = (await response.json()) as { openapi: string; paths: object };
  expect([document.openapi, Object.keys(document.paths).length > 30]).toEqual(["3.1.0", true]);
});

test("and to people, on a page that runs no script under the strict policy", async () => {
  const response = await fetch(`${server.origin}/docs`);
  const page = await response.text();
  for (const name of Object.keys(routes)) expect(page).toContain(name);
  expect(page).not.toContain("<script");
  const nonce = page.match(/<style nonce="([^"]+)"/)?.[1];
  expect(response.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
});
