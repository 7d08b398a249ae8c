import { expect, test } from "vitest";
import { createEvaluator, type JsonValue } from "../index.ts";
import { flagOf, ruleOf, rulesetOf } from "../testing/index.ts";
import { validateFlag } from "../validate/index.ts";
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
  expect(faultOf("(a?){999}(b?){999}")).toContain("repeats too much");
  expect(faultOf(1)).toBeDefined();
  expect(faultOf("a".repeat(256))).toBeUndefined();
});

test("ignoring case is RE2's own", () => {
  expect(holds("matches", ["^ABC$"], "abc", true)).toBe(true);
  expect(holds("matches", ["^ABC$"], "abc")).toBe(false);
});

const long = "a".repeat(100_000);
const ramp = Array.from({ length: 10_000 }, (_, i) => "abc"[(i * 7919) % 3]).join("");

test.each(["a*b", ".*x", "(a+)+$", "\\s+$", "(x+x+)+y", "([ab].{1,200}){1,2}[^a-c]", "[a-c]{900}[^a-c]"])(
  "/%s/ hangs on no input",
  (pattern) => {
    const start = performance.now();
    expect(holds("matches", [pattern], long)).toBe(false);
    for (const text of [long.slice(0, 10_000), ramp, " ".repeat(9_999)]) holds("matches", [pattern], text);
    expect(performance.now() - start).toBeLessThan(3_000);
  },
);

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
