import fc from "fast-check";
import { expect, test } from "vitest";
import { createRereads } from "./reread.ts";

test("what was read last is never older than the change that was waited for", async () => {
  const turns = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(turns, fc.array(fc.nat(6), { maxLength: 20 }), async (changes, answers) => {
      let stored = 0;
      let inMemory = 0;
      const { reload } = createRereads(async () => {
        const answer = stored;
        await pass(answers.shift() ?? 0);
        inMemory = answer;
      });
      await Promise.all(
        changes.map(async (after) => {
          await pass(after);
          stored += 1;
          const changed = stored;
          await reload();
          expect(inMemory).toBeGreaterThanOrEqual(changed);
        }),
      );
      expect(inMemory).toBe(stored);
    }),
  );
});

test("a reading that failed is tried again by whoever waits", async () => {
  let isAway = true;
  let readings = 0;
  const { reload, settled } = createRereads(async () => {
    readings += 1;
    if (isAway) throw new Error("the database is away");
  });
  await expect(reload()).rejects.toThrow("away");
  await expect(settled()).rejects.toThrow("away");
  isAway = false;
  await settled();
  await settled();
  expect(readings).toBe(3);
});

/** Lets so many turns of the microtask queue pass. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}
