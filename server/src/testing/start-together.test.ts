import { expect, test } from "vitest";
import { testDatabase, testServer } from "./index.ts";

test("three nodes start at once on an empty database", { timeout: 60_000 }, async () => {
  const database = await testDatabase({ empty: true });
  const options = { databaseUrl: database.url, secret: "the same on every node, long enough" };
  const servers = await Promise.all([testServer(options), testServer(options), testServer(options)]);
  const needed = await Promise.all(servers.map((server) => server.stranger.ok("GET /api/v1/setup")));
  expect(needed).toEqual([{ needed: true }, { needed: true }, { needed: true }]);
  await Promise.all(servers.map((server) => server.close()));
  await database.drop();
});
