import { describe, expect, it } from "vitest";
import { age, relativeTime, timeLeft } from "./dates.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

describe("time in words", () => {
  it("is relative to now", () => {
    expect(relativeTime(ago(5), NOW)).toBe("just now");
    expect(relativeTime(ago(300), NOW)).toBe("5 min. ago");
    expect(relativeTime(ago(90_000), NOW)).toBe("yesterday");
    expect(relativeTime(ago(-7_300), NOW)).toBe("in 2 hr.");
  });

  it("counts an age", () => {
    expect(age(ago(42), NOW)).toBe("42 s");
    expect(age(ago(720), NOW)).toBe("12 min");
    expect(age(ago(3 * 3600 + 300), NOW)).toBe("3 h 5 min");
    expect(age(ago(100 * 3600), NOW)).toBe("4 d 4 h");
    expect(age(ago(-60), NOW)).toBe("0 s");
  });

  it("counts down", () => {
    expect(timeLeft(ago(-3 * 3600 - 300), NOW)).toBe("3 h 5 min");
    expect(timeLeft(ago(60), NOW)).toBe("0 s");
  });
});
