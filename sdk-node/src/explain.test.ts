import { expect, it, vi } from "vitest";
import { booleanFlag, permissionFlag, rulesetOf } from "../../sdk-core/src/testing/index.ts";
import { createClient } from "./index.ts";

const halved = booleanFlag({
  rules: [
    {
      id: "r1",
      when: { attribute: "plan", operator: "in", values: ["pro"] },
      serve: { variation: "on" },
    },
  ],
  fallthrough: {
    split: {
      unit: "targetingKey",
      weights: [
        { variation: "on", weight: 50_000 },
        { variation: "off", weight: 50_000 },
      ],
    },
  },
});

it("tells every step of the decision that a read would take, bucket included, and counts nothing", async () => {
  const client = createClient({ bootstrap: rulesetOf({ halved }) });
  const context = { targetingKey: "user-1", plan: "free" };
  const { decision, steps } = client.explain("halved", context);
  const { value, variation, reason, split } = client.details("halved", context, false);
  expect(decision).toMatchObject({ value, variation, reason, split });
  expect(steps.map(({ kind }) => kind)).toEqual(["killed", "on", "condition", "split"]);
  expect(steps.at(-1)).toMatchObject({ variation, bucket: expect.any(Number) });
  expect(client.explain("missing", {}).decision.reason).toBe("flag-not-found");
  const nobody = null as never;
  expect(client.explain("halved", nobody).decision.reason).toBe(
    client.details("halved", nobody, false).reason,
  );
  await client.close();
});

it("knows kills, and flags that outlived contact with the server", async () => {
  const at = new Date().toISOString();
  const killed = { ...rulesetOf({ halved }), kills: [{ id: "k1", flag: "halved", at }] };
  const client = createClient({ bootstrap: killed });
  expect(client.explain("halved", {}).decision.reason).toBe("killed");
  await client.close();

  // Nobody listens there, so that contact is missing from the first moment on.
  const bootstrap = rulesetOf({ access: permissionFlag(0) });
  const alone = createClient({ url: "http://127.0.0.1:1", key: "k", bootstrap, logger: { warn: () => {} } });
  await vi.waitFor(() => expect(alone.details("access", {}, true).reason).toBe("stale"), { timeout: 10_000 });
  expect(alone.explain("access", {}).steps[0]).toMatchObject({ kind: "killed", holds: true });
  await alone.close();
});
