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
  const limit = createRequestLimit({ points: 2, duration: HOUR });
  const [mine, yours] = [actor("mine", "server"), actor("yours", "server")];
  await limit(mine, "10.0.0.1");
  await limit(mine, "10.0.0.2");
  await expect(limit(mine, "10.0.0.3")).rejects.toMatchObject(refused);
  await limit(yours, "10.0.0.1");
});

test("one visitor cannot use up what all visitors of a page share", async () => {
  const limit = createRequestLimit({ points: 100, duration: HOUR }, { points: 1, duration: HOUR });
  const page = actor("page", "client");
  await limit(page, "10.0.0.1");
  await expect(limit(page, "10.0.0.1")).rejects.toMatchObject(refused);
  await limit(page, "10.0.0.2");
});
