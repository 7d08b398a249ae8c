import type { Context, Flag, JsonValue, Ruleset } from "@lanyard/evaluation";
import { type BucketVector, type DecisionVector, loadVectors } from "@lanyard/evaluation/vectors";
import type { Details } from "../reads.ts";
import { booleanFlag } from "./flags.ts";
import { rulesetOf } from "./protocol-peer.ts";

/** A vector as an SDK can be asked it. */
export interface Question {
  name: string;
  ruleset: Ruleset;
  key: string;
  context: Context;
  expect: object;
}

/** The vectors that a client can be asked, by file. */
export function loadQuestions(): { file: string; questions: Question[] }[] {
  return loadVectors().map((each) => {
    if (each.kind === "evaluate") return { file: each.file, questions: each.vectors.map(decisionQuestion) };
    if (each.kind === "bucket") return { file: each.file, questions: each.vectors.map(bucketQuestion) };
    return { file: each.file, questions: [] };
  });
}

/** A default of the flag's type, which no vector expects. */
export function fallbackOf({ ruleset, key }: Question): JsonValue {
  const defaults: Record<Flag["type"], JsonValue> = {
    boolean: false,
    string: "the default",
    number: -1,
    json: { the: "default" },
  };
  const flag = Object.hasOwn(ruleset.flags, key) ? ruleset.flags[key] : undefined;
  return defaults[flag?.type ?? "boolean"] ?? false;
}

/** What a vector is about, of what a client answers. */
export function comparable(details: Details<JsonValue>): object {
  const { revision: _, source: _source, ageMs: _ageMs, ...rest } = details;
  return rest;
}

function decisionQuestion({ name, ruleset, key, context, expect }: DecisionVector): Question {
  const question: Question = { name, ruleset, key, context, expect };
  if (expect.value === undefined) question.expect = { ...expect, value: fallbackOf(question) };
  return question;
}

/** A unit in a bucket is in a split from the next threshold on, and out of it until then. */
function bucketQuestion({ name, seed, unit, expect: { bucket } }: BucketVector): Question {
  const on = bucket < 99_999 ? bucket + 1 : bucket;
  const weights = [
    { variation: "on", weight: on },
    { variation: "off", weight: 100_000 - on },
  ];
  const flag = booleanFlag({ seed, fallthrough: { split: { unit: "targetingKey", weights } } });
  const value = bucket < on;
  return {
    name,
    ruleset: rulesetOf({ flag }),
    key: "flag",
    context: { targetingKey: unit },
    expect: { value, variation: value ? "on" : "off", reason: "fallthrough", split: true },
  };
}
