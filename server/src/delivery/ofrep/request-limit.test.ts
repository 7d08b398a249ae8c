import assert from "node:assert";
import { expect, test } from "vitest";
import type { SdkActor } from "../sdk-actor.ts";
import { createRequestLimit } from "./request-limit.ts";

const actor = (id: string, audience: SdkActor["audience"]): SdkActor => ({
  kind: "sdk",
  id,
  name: id,
  audience,
  projectId: "prj_1",
  environmentId: "env_1",
  origins: ["*"],
  verification: undefined,
});
const HOUR = 3_600;
const refused = { code: "rate-limited", retryAfterSeconds: expect.any(Number) };

test("each key has a share of its own", async () => {
  const { admit } = createRequestLimit({ points: 2, duration: HOUR });
  const [mine, yours] = [actor("mine", "server"), actor("yours", "server")];
  await admit(mine, "10.0.0.1");
  await admit(mine, "10.0.0.2");
  await expect(admit(mine, "10.0.0.3")).rejects.toMatchObject(refused);
  await admit(yours, "10.0.0.1");
});

test("one visitor cannot use up what all visitors of a page share", async () => {
  const { admit } = createRequestLimit({ points: 100, duration: HOUR }, { points: 1, duration: HOUR });
  const page = actor("page", "client");
  await admit(page, "10.0.0.1");
  await expect(admit(page, "10.0.0.1")).rejects.toMatchObject(refused);
  await admit(page, "10.0.0.2");
});

test("what an address has a node do counts against it, whatever it took", async () => {
  const many = { points: 1_000, duration: HOUR };
  const { admit, work } = createRequestLimit(many, many, { points: 5, duration: HOUR });
  const busy = () => {
    const start = performance.now();
    while (performance.now() - start < 10);
    return "done";
  };
  const [page, server] = [actor("page", "client"), actor("server", "server")];
  await admit(page, "10.0.0.1");
  expect(work(page, "10.0.0.1", busy)).toBe("done");
  await expect(admit(page, "10.0.0.1")).rejects.toMatchObject(refused);
  await admit(page, "10.0.0.2");
  expect(() => work(page, "10.0.0.2", () => assert.fail(busy()))).toThrow("done");
  await expect(admit(page, "10.0.0.2")).rejects.toMatchObject(refused);
  work(server, "10.0.0.1", busy);
  await admit(server, "10.0.0.1");
});
