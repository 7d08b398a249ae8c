import { expect, test } from "vitest";
import { createAdmission, createAdmissions } from "./admission.ts";

test("ten thousand at once are let in within seconds, and those who wait are spread", () => {
  let now = 0;
  let draw = 0;
  const admission = createAdmission(
    () => now,
    () => (draw = (draw + 0.618) % 1),
  );
  const comeAt = new Map<number, number>([[0, 10_000]]);
  let admitted = 0;
  for (now = 0; admitted < 10_000; now += 1_000) {
    expect(now).toBeLessThanOrEqual(20_000);
    for (let arriving = comeAt.get(now) ?? 0; arriving > 0; arriving -= 1) {
      const wait = admission.askedToWait();
      if (wait === undefined) admitted += 1;
      else comeAt.set(now + wait * 1_000, (comeAt.get(now + wait * 1_000) ?? 0) + 1);
    }
    expect(admitted).toBeLessThanOrEqual(2_000 + now + 1);
  }
});

test("who is not let in unheard is asked to wait once", () => {
  const admission = createAdmission(
    () => 0,
    () => 0.5,
  );
  for (let opens = 0; opens < 2_000; opens += 1) expect(admission.enters()).toBe(true);
  for (let opens = 0; opens < 999; opens += 1) {
    expect(admission.enters()).toBe(false);
    // The next whole second only once a thousand wait.
    expect(admission.askedToWait()).toBe(1);
  }
});

test("an ordinary day is not slowed", () => {
  let now = 0;
  const admission = createAdmission(() => now);
  for (; now < 10_000; now += 10)
    for (let opens = 0; opens < 10; opens += 1) expect(admission.askedToWait()).toBeUndefined();
});

test("pages that come in a crowd keep no server waiting", () => {
  const { server, client } = createAdmissions();
  while (client.askedToWait() === undefined);
  expect(server.askedToWait()).toBeUndefined();
});
