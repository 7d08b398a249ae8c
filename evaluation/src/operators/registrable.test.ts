import fc from "fast-check";
import { expect, test } from "vitest";
import { type Condition, createEvaluator, type JsonValue } from "../index.ts";
import { flagOf, ruleOf, rulesetOf, runs, segmentOf } from "../testing/index.ts";
import { validateFlag, validateSegment } from "../validate/index.ts";
import { operators } from "./registrable.ts";

function holds(operator: string, values: JsonValue[], a: unknown, ignoreCase = false): boolean {
  const flag = ruleOf({ attribute: "a", operator, values, ignoreCase });
  const decision = createEvaluator(rulesetOf({ flag }), { operators }).evaluate("flag", { a });
  expect(decision.reason).not.toBe("unsupported");
  return decision.value as boolean;
}

test.each<[string, string, boolean]>([
  ["10.0.0.0/8", "10.255.1.2", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.1.2.3", "10.1.2.3", true],
  ["10.1.2.3", "10.1.2.4", false],
  ["0.0.0.0/0", "255.255.255.255", true],
  ["0.0.0.0/0", "::1", false],
  ["192.168.1.128/25", "192.168.1.127", false],
  ["192.168.1.129/25", "192.168.1.200", true],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::", false],
  ["2001:db8::/33", "2001:db8:8000::", false],
  ["::/0", "fe80::1", true],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["2001:DB8::A", "2001:db8::a", true],
  ["10.0.0.0/8", "::ffff:10.1.1.1", true],
  ["::ffff:10.0.0.0/104", "10.9.9.9", true],
  ["64:ff9b::/96", "64:ff9b::1.2.3.4", true],
  ["10.0.0.0/8", "010.0.0.1", false],
  ["10.0.0.0/8", "10.0.0.1 ", false],
  ["10.0.0.0/8", "10.0.0", false],
  ["fe80::/10", "fe80::1%eth0", false],
  ["fe80::/10", "fe80:::1", false],
  ["::/0", "1:2:3:4:5:6:7:8:9", false],
  ["::/0", ":1", false],
])("%s holds %s: %s", (range, address, expected) => {
  expect(holds("inCidr", [range], address)).toBe(expected);
});

test.each(["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::/129", "::ffff:1.2.3.4/80", "x", "", "1.2.3.4/8/8"])(
  "%s is refused as a range",
  (range) => {
    const flag = ruleOf({ attribute: "a", operator: "inCidr", values: [range] });
    const faults = validateFlag("f", flag, { flags: {}, segments: {}, extensions: { operators } });
    expect(faults).toMatchObject([{ path: "/rules/0/when/values", code: "invalid-values" }]);
    expect(createEvaluator(rulesetOf({ flag }), { operators }).evaluate("flag", {}).reason).toBe(
      "unsupported",
    );
  },
);

test.each<[string, string, boolean]>([
  ["^a.c$", "abc", true],
  ["b", "abc", true],
  ["[[:alpha:]]+", "123", false],
  ["(?i)ABC", "abc", true],
  ["^.$", "日", true],
  ["^$", "", true],
])("/%s/ on %s: %s", (pattern, text, expected) => {
  expect(holds("matches", [pattern], text)).toBe(expected);
});

test("a pattern is one of RE2, and refused with the reason where it is not", () => {
  const faultOf = (pattern: JsonValue) =>
    validateFlag("f", ruleOf({ attribute: "a", operator: "matches", values: [pattern] }), {
      flags: {},
      segments: {},
      extensions: { operators },
    })[0]?.message;
  expect(faultOf("a(?=b)")).toContain("(?=");
  expect(faultOf("(a)\\1")).toContain("\\1");
  expect(faultOf("(")).toContain("missing closing )");
  expect(faultOf("a".repeat(257))).toContain("256");
  expect(faultOf("(a?){999}(b?){999}")).toContain("too large");
  expect(faultOf(1)).toBeDefined();
  expect(faultOf("a".repeat(256))).toBeUndefined();
});

test("ignoring case is RE2's own", () => {
  expect(holds("matches", ["^ABC$"], "abc", true)).toBe(true);
  expect(holds("matches", ["^ABC$"], "abc")).toBe(false);
});

const UNFOLDS = "(a.{40}|b.{40}){5}[cd]";
const surroundings = { flags: {}, segments: {}, extensions: { operators } };

test("what unfolds too far is refused with the limit, and serves the off variation where it is stored", () => {
  const flag = ruleOf({ attribute: "a", operator: "matches", values: [UNFOLDS] });
  expect(validateFlag("f", flag, surroundings)).toEqual([
    {
      path: "/rules/0/when/values",
      code: "invalid-values",
      message: "The patterns are too large: unfolded they take more than 300 instructions.",
    },
  ]);
  const decision = createEvaluator(rulesetOf({ flag }), { operators }).evaluate("flag", { a: "abc" });
  expect(decision).toMatchObject({ reason: "unsupported", value: false });
});

test("the limit holds for all patterns of a flag or segment together", () => {
  const tests = (count: number): Condition[] =>
    new Array(count).fill({ attribute: "a", operator: "matches", values: ["[ab]{90}"] });
  const faultsOf = (conditions: Condition[]) => {
    const rules = conditions.map((when, i) => ({ id: `r${i}`, when, serve: { variation: "on" } }));
    return [
      ...validateFlag("f", flagOf({ rules }), surroundings),
      ...validateSegment("s", segmentOf({ when: { any: conditions } }), surroundings),
    ].map(({ path, code }) => `${code} ${path}`);
  };
  expect(faultsOf(tests(3))).toEqual([]);
  expect(faultsOf(tests(4))).toEqual(["too-large /rules", "too-large /when"]);
  const values = new Array(4).fill("[ab]{90}");
  expect(faultsOf([{ attribute: "a", operator: "matches", values }])).toEqual([
    "invalid-values /rules/0/when/values",
    "invalid-values /when/any/0/values",
  ]);
});

test("a list has one allowance of 10,000 characters, and every text counts as ten at least", () => {
  const filler = "b".repeat(1_000);
  const list = (length: number) => [...new Array(length).fill(filler), "a"];
  expect(holds("matches", ["a"], list(9))).toBe(true);
  expect(holds("matches", ["a"], list(10))).toBe(false);
  expect(holds("matches", ["a"], [...new Array(999).fill(""), "a"])).toBe(true);
  expect(holds("matches", ["a"], [...new Array(1_000).fill(""), "a"])).toBe(false);
  const flag = ruleOf({ attribute: "a", operator: "matches", values: ["^a$"] });
  const evaluator = createEvaluator(rulesetOf({ flag }), { operators });
  for (const a of [list(10), ["a"], list(10), "a"])
    expect(evaluator.evaluate("flag", { a }).value).toBe(a.length === 1);
});

const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^c]", "\\b", "\\w", "(?i:A)");
const { pattern: nested } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => a + b),
    fc
      .tuple(tie("pattern"), fc.nat(3), fc.nat(40))
      .map(([a, least, more]) => `(?:${a}){${least},${least + more}}`),
    fc.tuple(tie("pattern"), fc.constantFrom("*", "+", "?")).map(([a, repeat]) => `(${a})${repeat}`),
  ),
}));

/** Texts that keep many repetitions going at once, of the greatest length. */
const ramp = Array.from({ length: 10_000 }, (_, i) => "ab"[((i * i * 7919) >> 5) % 2]).join("");
const texts = ["a".repeat(10_000), ramp, " ".repeat(9_999), Array.from(ramp.match(/.{10}/g) ?? [])];

test("nothing that may be saved hangs on any text or list", { timeout: 600_000 }, () => {
  const law = fc.property(fc.array(nested, { minLength: 1, maxLength: 4 }), (patterns) => {
    const flag = ruleOf({
      attribute: "a",
      operator: "matches",
      values: patterns.map((each) => `${each}[cd]`),
    });
    if (validateFlag("f", flag, surroundings).length > 0) return;
    const evaluator = createEvaluator(rulesetOf({ flag }), { operators });
    for (const a of [...texts, new Array(10).fill(texts).flat(2)]) {
      const start = process.cpuUsage();
      expect(evaluator.evaluate("flag", { a }).value).toBe(false);
      // A tenth of a second at most on an idle machine: what goes wrong here takes minutes.
      expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
    }
  });
  fc.assert(law, { numRuns: runs(40) });
});

test.each([
  UNFOLDS,
  "a*b",
  ".*x",
  "(a+)+$",
  "\\s+$",
  "(x+x+)+y",
  "(a.{40}|b.{40}){3}[cd]",
  "([ab].{1,9}){1,9}[^a-c]",
])("/%s/ hangs on no input", { timeout: 60_000 }, (pattern) => {
  const flag = ruleOf({ attribute: "a", operator: "matches", values: [pattern] });
  const evaluator = createEvaluator(rulesetOf({ flag }), { operators });
  const many = new Array(10_000).fill(ramp);
  expect(evaluator.evaluate("flag", { a: many.join("") }).value).toBe(false);
  const start = process.cpuUsage();
  for (const a of [many, ...texts]) evaluator.evaluate("flag", { a });
  expect(process.cpuUsage(start).user).toBeLessThan(20_000_000);
});

test("without its module an operator is unsupported", () => {
  const flag = flagOf({
    rules: [
      { id: "r", when: { attribute: "a", operator: "matches", values: ["a"] }, serve: { variation: "on" } },
    ],
  });
  expect(createEvaluator(rulesetOf({ flag })).evaluate("flag", {})).toMatchObject({
    reason: "unsupported",
    value: false,
  });
});
