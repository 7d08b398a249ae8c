import type { Condition, Flag, Segment } from "@lanyard/evaluation";
import { describe, expect, test } from "vitest";
import { type Place, type Saved, warningsOf } from "./decide.ts";
import { RELEASES, type Release } from "./releases.ts";
import { usesOf } from "./uses.ts";

const PATH = "/environments/production/targeting";
const asks = (operator: string, attribute = "email"): Condition => ({ attribute, operator, values: ["x"] });
const inSegment = (when: Condition): Segment => ({
  ...{ hash: "h", unit: "targetingKey", included: [], excluded: [] },
  when,
});

function flag(conditions: Condition[], algorithm?: string): Flag {
  const weights = [{ variation: "on", weight: 100_000 }];
  return {
    ...{ type: "boolean", hash: "h", on: true, seed: "s", off: "off", audience: "client" },
    variations: [
      { id: "on", value: true },
      { id: "off", value: false },
    ],
    ...{ prerequisites: [], targets: [] },
    rules: conditions.map((when, i) => ({ id: `r${i}`, when, serve: { variation: "on" } })),
    fallthrough: { split: { unit: "targetingKey", weights, ...(algorithm && { algorithm }) } },
  };
}

const usesIn = (conditions: Condition[], segments: Record<string, Segment> = {}) =>
  usesOf(flag(conditions), segments, PATH);
const browsers = (...publicNames: string[]) => ({
  flags: ["checkout"],
  publicAttributes: new Set(publicNames),
});
const nobody: Saved["browsers"] = { flags: [], publicAttributes: new Set() };

describe("what is asked of an evaluator", () => {
  test("is found in rules, splits and segments, each where it stands or where its segment is named", () => {
    const segments = {
      beta: inSegment({ any: [asks("inCidr"), { segment: "inner" }] }),
      inner: inSegment(asks("in")),
    };
    const uses = usesOf(
      flag([{ all: [asks("matches"), { not: { segment: "beta" } }] }], "unleash"),
      segments,
      "",
    );
    expect(uses.map(({ kind, name, path }) => `${kind} ${name} ${path}`)).toEqual([
      "condition all /rules/0/when",
      "operator matches /rules/0/when/all/0/operator",
      "condition not /rules/0/when/all/1",
      "condition segment /rules/0/when/all/1/not",
      "condition any /rules/0/when/all/1/not",
      "operator inCidr /rules/0/when/all/1/not",
      "condition segment /rules/0/when/all/1/not",
      "operator in /rules/0/when/all/1/not",
      "algorithm unleash /fallthrough/split/algorithm",
    ]);
  });

  test("is told once of a segment that says it many times", () => {
    const segments = { beta: inSegment({ any: [asks("in"), asks("in"), asks("in", "plan")] }) };
    const inside = usesIn([{ segment: "beta" }], segments).filter(({ kind }) => kind === "operator");
    expect(inside.map(({ attribute }) => attribute)).toEqual(["email", "plan"]);
  });
});

describe("operators that pages have to register", () => {
  const codesOf = (saved: Saved) => warningsOf(saved).map(({ code, path }) => `${code} ${path}`);

  test("are named once each, at the first place", () => {
    const uses = usesIn([asks("matches"), asks("matches"), asks("inCidr", "ip"), asks("endsWith")]);
    expect(codesOf({ uses, browsers: browsers("email", "ip"), places: [] })).toEqual([
      `operator-opt-in ${PATH}/rules/0/when/operator`,
      `operator-opt-in ${PATH}/rules/2/when/operator`,
    ]);
  });

  test("are no matter where the attribute is private: that test never leaves the server", () => {
    const uses = usesIn([asks("matches")]);
    expect(codesOf({ uses, browsers: browsers("plan"), places: [] })).toEqual([]);
  });

  test("are no matter where no flag for browsers asks them", () => {
    const uses = usesIn([asks("matches")]);
    expect(codesOf({ uses, browsers: { ...browsers("email"), flags: [] }, places: [] })).toEqual([]);
  });

  test("come with the flags that serve their off variation, a few by name", () => {
    const flags = ["a", "b", "c", "d", "e"];
    const uses = usesIn([asks("matches")]);
    const [warning] = warningsOf({ uses, browsers: { ...browsers("email"), flags }, places: [] });
    expect(warning?.detail).toBe(
      'Pages have to register the operator "matches" from @lanyard/sdk-browser/operators; one that does not serves the off variation of "a", "b", "c" and 2 more.',
    );
  });
});

describe("connected SDKs", () => {
  const LATER: Release[] = [
    ...RELEASES.map((release) => ({
      ...release,
      operator: release.operator?.filter((name) => name !== "matches" && name !== "inCidr") ?? [],
    })),
    { version: "0.10.0", operator: ["inCidr"] },
    { version: "1.0.0", operator: ["matches"] },
  ];
  const place = (sdks: [string | null, number][], more: Partial<Place> = {}): Place => ({
    environment: "production",
    flags: ["checkout"],
    connected: { sdks: new Map(sdks), scope: "all-nodes" },
    ...more,
  });
  const told = (conditions: Condition[], ...places: Place[]) =>
    warningsOf({ uses: usesIn(conditions), browsers: nobody, places }, LATER);

  test("that came before what is saved are counted, and told what they need", () => {
    const sdks = place([
      ["node/0.9.0", 2],
      ["node/1.0.0-beta.1", 1],
      ["node/1.0.0", 4],
      ["node/2.0.0", 3],
    ]);
    expect(told([asks("in"), asks("inCidr"), asks("matches")], sdks)).toEqual([
      {
        code: "instances-too-old",
        path: `${PATH}/rules/2/when/operator`,
        detail:
          'The operator "matches" needs version 1.0.0 of the SDK. Older ones, in 3 of 10 instances connected in production, serve the off variation of "checkout".',
      },
    ]);
  });

  test("are compared as versions, not as texts", () => {
    expect(told([asks("inCidr")], place([["node/0.9.0", 1]]))).toHaveLength(1);
    expect(told([asks("inCidr")], place([["node/0.11.0", 1]]))).toEqual([]);
  });

  test("that know all of it are no matter, and nor is an empty environment", () => {
    expect(told([asks("matches")], place([["node/1.0.0", 5]]), place([]))).toEqual([]);
    expect(told([], place([["node/0.0.1", 5]]))).toEqual([]);
  });

  test("of others are not judged, nor what is no version", () => {
    const sdks = place([
      ["rust/0.0.1", 1],
      ["node/latest", 1],
      ["node", 1],
      [null, 1],
    ]);
    expect(told([asks("matches")], sdks)).toEqual([]);
  });

  test("are of the places where a flag is decided by it", () => {
    const old: [string, number][] = [["node/0.9.0", 1]];
    expect(
      told([asks("matches")], place(old, { flags: [] }), place(old, { environment: "qa" })),
    ).toMatchObject([{ detail: expect.stringContaining("in qa") }]);
  });

  test("of one node alone are said to be", () => {
    const connected = { sdks: new Map([["node/0.9.0", 1]]), scope: "this-node" as const };
    expect(told([asks("matches")], place([], { connected }))).toMatchObject([
      { detail: expect.stringContaining("1 of 1 instances in production that this node knows of") },
    ]);
  });
});
