import { test as base, expect } from "@playwright/test";
import { Cluster } from "./cluster.ts";
import { beginSilence, type Silence } from "./silence.ts";

/**
 * Promises are made for a machine that has time for them. Here they share two cores with everything else, so a time is
 * asserted with this margin, and printed as it was measured.
 */
const MARGIN = 4;

/** What a row of the table of faults measured; its test's title is what was promised, the group's title the fault. */
export interface Verdict {
  measured(text: string): void;
  /** Asserted with the margin; the longest of those of one name is shown. */
  within(what: string, ms: number, promisedMs: number): void;
}

export const test = base.extend<{ verdict: Verdict }, { cluster: Cluster; silence: Silence }>({
  cluster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter to learn what a fixture needs.
    async ({}, use) => {
      const cluster = await Cluster.start();
      await use(cluster);
      await cluster.end();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  silence: [
    async ({ cluster }, use) => {
      const silence = await beginSilence(cluster);
      await use(silence);
      await silence.end();
    },
    { scope: "worker", auto: true, timeout: 60_000 },
  ],
  verdict: async ({ cluster }, use, info) => {
    await cluster.settleReaders();
    const times = new Map<string, { most: number; promisedMs: number; count: number }>();
    const measured = (text: string) => void info.annotations.push({ type: "measured", description: text });
    await use({
      measured,
      within(what, ms, promisedMs) {
        const { most, count } = times.get(what) ?? { most: 0, count: 0 };
        times.set(what, { most: Math.max(most, ms), count: count + 1, promisedMs });
        expect(ms, what).toBeLessThanOrEqual(promisedMs * MARGIN);
      },
    });
    for (const [what, { most, count, promisedMs }] of times) {
      const late = most > promisedMs ? `, promised ${promisedMs} ms` : "";
      measured(`${what} ${count > 1 ? "at most " : ""}${Math.round(most)} ms${late}`);
    }
    expect(cluster.ledger.violations, "answers that nobody had asked for").toEqual([]);
  },
});
