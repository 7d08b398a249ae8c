import { describe, expect, it } from "vitest";
import { columnsOf, sharesOf } from "./usage-columns.ts";

const NOW = Date.parse("2026-11-22T12:00:30Z");
const at = (minute: string) => `2026-11-22T${minute}:00.000Z`;

describe("usage as columns", () => {
  it("has a column for every minute, and the running one last", () => {
    const columns = columnsOf(
      [
        { at: at("12:00"), counts: { on: 2 } },
        { at: at("11:58"), counts: { off: 1 } },
      ],
      3,
      NOW,
    );
    expect(columns.map((column) => column.total)).toEqual([1, 0, 2]);
  });

  it("joins minutes where there are many", () => {
    const minutes = [
      { at: at("11:59"), counts: { on: 1, off: 2 } },
      { at: at("12:00"), counts: { on: 4 } },
    ];
    const columns = columnsOf(minutes, 120, NOW);
    expect(columns).toHaveLength(60);
    expect(columns.at(-1)).toMatchObject({
      total: 7,
      parts: [
        { variation: "off", count: 2 },
        { variation: "on", count: 5 },
      ],
    });
  });

  it("leaves out what is older than the window", () => {
    expect(
      columnsOf([{ at: at("09:00"), counts: { on: 9 } }], 60, NOW).every((column) => column.total === 0),
    ).toBe(true);
  });

  it("sums by variation over all reasons", () => {
    const totals = [
      { variation: "on", reason: "rule", count: 1 },
      { variation: "off", reason: "fallthrough", count: 6 },
      { variation: "on", reason: "target", count: 1 },
    ];
    expect(sharesOf(totals)).toEqual([
      { variation: "off", count: 6, share: 0.75 },
      { variation: "on", count: 2, share: 0.25 },
    ]);
    expect(sharesOf([])).toEqual([]);
  });
});
