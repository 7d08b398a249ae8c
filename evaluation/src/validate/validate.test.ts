import { expect, test } from "vitest";
import type { Condition, Flag, JsonValue } from "../model.ts";
import { flagOf, ruleOf, rulesetOf, segmentOf } from "../testing/index.ts";
import { references, validate, validateFlag, validateSegment } from "./index.ts";

const nowhere = { flags: {}, segments: {} };
const faultsOf = (flag: Flag, within = nowhere) =>
  validateFlag("f", flag, within).map(({ path, code }) => `${code} ${path}`);

test("a good flag has no fault", () => {
  expect(faultsOf(flagOf())).toEqual([]);
});

test("a flag of JSON holds what no other type does, so that nobody reads it as another", () => {
  const messagesOf = (value: JsonValue) =>
    validateFlag(
      "f",
      flagOf({
        type: "json",
        variations: [
          { id: "on", value },
          { id: "off", value: null },
        ],
      }),
      nowhere,
    ).map(({ path, message }) => `${path} ${message}`);
  for (const value of [{}, [5], null]) expect(messagesOf(value)).toEqual([]);
  for (const value of [5, "five", true])
    expect(messagesOf(value)).toEqual([
      "/variations/0/value The flag's type is json: an object, a list or null.",
    ]);
});

function nested(depth: number): Condition {
  return depth === 1 ? { attribute: "a", operator: "exists" } : { not: nested(depth - 1) };
}

const weights = (...values: number[]) =>
  flagOf({
    fallthrough: { split: { unit: "u", weights: values.map((weight) => ({ variation: "on", weight })) } },
  });

const cases: Record<string, [Flag, string[]]> = {
  "off that is no variation": [flagOf({ off: "x" }), ["unknown-reference /off"]],
  "fallthrough that is no variation": [
    flagOf({ fallthrough: { variation: "x" } }),
    ["unknown-reference /fallthrough/variation"],
  ],
  "two variations of one id": [
    flagOf({
      variations: [
        { id: "off", value: false },
        { id: "off", value: true },
      ],
      fallthrough: { variation: "off" },
    }),
    ["duplicate /variations/1/id"],
  ],
  "a value of another type": [
    flagOf({
      variations: [
        { id: "on", value: 1 },
        { id: "off", value: false },
      ],
    }),
    ["wrong-type /variations/0/value"],
  ],
  "a value over 64 kB": [
    flagOf({
      type: "string",
      variations: [
        { id: "on", value: "é".repeat(32_768) },
        { id: "off", value: "" },
      ],
    }),
    ["too-large /variations/0/value"],
  ],
  "weights that sum short": [weights(1, 2), ["weights /fallthrough/split/weights"]],
  "weights that are no whole numbers": [
    weights(0.5, 99_999.5),
    ["weights /fallthrough/split/weights/0/weight", "weights /fallthrough/split/weights/1/weight"],
  ],
  "a prerequisite that is missing": [
    flagOf({ prerequisites: [{ flag: "g", variations: ["on"] }] }),
    ["unknown-reference /prerequisites/0/flag"],
  ],
  "a prerequisite of itself": [
    flagOf({ prerequisites: [{ flag: "f", variations: ["on"] }] }),
    ["cycle /prerequisites"],
  ],
  "a segment that is missing": [ruleOf({ segment: "s" }), ["unknown-reference /rules/0/when/segment"]],
  "an empty all": [ruleOf({ any: [{ all: [] }] }), ["empty /rules/0/when/any/0/all"]],
  "an unknown operator": [
    ruleOf({ attribute: "a", operator: "near", values: [] }),
    ["unknown-operator /rules/0/when/operator"],
  ],
  "values the operator cannot compare with": [
    ruleOf({ attribute: "a", operator: "in", values: ["x", true] }),
    ["invalid-values /rules/0/when/values/1"],
  ],
  "two values where one is compared": [
    ruleOf({ attribute: "a", operator: "lessThan", values: [1, 2] }),
    ["invalid-values /rules/0/when/values"],
  ],
  "an unknown algorithm": [
    ruleOf({ bucket: { unit: "u", seed: "s", algorithm: "dice", below: 100_001 } }),
    ["unknown-algorithm /rules/0/when/bucket/algorithm", "weights /rules/0/when/bucket/below"],
  ],
  "NUL and half a surrogate pair": [
    ruleOf({ attribute: "a\0", operator: "in", values: ["\ud800"] }),
    ["ill-formed-text /rules/0/when/values/0", "ill-formed-text /rules/0/when/attribute"],
  ],
  "ten deep": [ruleOf(nested(10)), []],
  "eleven deep": [ruleOf(nested(11)), ["too-deep /rules/0/when"]],
  "two rules of one id": [
    flagOf({ rules: [1, 2].map(() => ({ id: "r", when: nested(1), serve: { variation: "on" } })) }),
    ["duplicate /rules/1/id"],
  ],
  "201 rules": [
    flagOf({
      rules: Array.from({ length: 201 }, (_, i) => ({
        id: `${i}`,
        when: nested(1),
        serve: { variation: "on" },
      })),
    }),
    ["too-many /rules"],
  ],
  "1,001 conditions": [ruleOf({ all: Array.from({ length: 1000 }, () => nested(1)) }), ["too-many /rules"]],
  "5,001 values": [
    ruleOf({ attribute: "a", operator: "in", values: Array.from({ length: 5001 }, (_, i) => i) }),
    ["too-many /rules/0/when/values"],
  ],
};

test.each(Object.entries(cases))("%s", (_, [flag, expected]) => {
  expect(faultsOf(flag).filter((fault) => !fault.includes("/hash"))).toEqual(expected);
});

test("cycles through others are named", () => {
  const requires = (key: string) => flagOf({ prerequisites: [{ flag: key, variations: ["on"] }] });
  const [fault] = validateFlag("a", requires("b"), {
    flags: { b: requires("c"), c: requires("a") },
    segments: {},
  });
  expect(fault?.message).toContain('"a" → "b" → "c" → "a"');
  const segment = segmentOf({ when: { not: { segment: "t" } } });
  const cyclic = { ...nowhere, segments: { t: segmentOf({ when: { segment: "s" } }) } };
  expect(validateSegment("s", segment, cyclic)).toMatchObject([{ code: "cycle", path: "/when" }]);
});

test("a chain of references may go 50 deep", () => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, i) => [
        `f${i}`,
        flagOf({ prerequisites: i + 1 < length ? [{ flag: `f${i + 1}`, variations: ["on"] }] : [] }),
      ]),
    );
  expect(validate(rulesetOf(chain(50)))).toEqual([]);
  expect(validate(rulesetOf(chain(51)))).toMatchObject([
    { code: "too-deep", path: "/flags/f0/prerequisites" },
  ]);
});

test("a segment list holds at most 100,000 values", () => {
  const included = Array.from({ length: 100_001 }, (_, i) => `${i}`);
  expect(validateSegment("s", segmentOf({ included }), nowhere)).toMatchObject([
    { code: "too-many", path: "/included" },
  ]);
});

test("references name what a definition reads", () => {
  const flag = flagOf({
    prerequisites: [{ flag: "g", variations: ["on"] }],
    targets: [{ unit: "user", variation: "on", values: ["u"] }],
    rules: [
      {
        id: "r",
        when: { all: [{ segment: "s" }, { not: { attribute: "plan", operator: "matches", values: ["x"] } }] },
        serve: { split: { unit: "org", algorithm: "unleash", weights: [] } },
      },
    ],
  });
  expect(references(flag)).toEqual({
    flags: ["g"],
    segments: ["s"],
    operators: ["matches"],
    algorithms: ["unleash"],
    attributes: [
      { attribute: "user", as: "list" },
      { attribute: "plan", as: "test" },
      { attribute: "org", as: "split" },
    ],
  });
});
