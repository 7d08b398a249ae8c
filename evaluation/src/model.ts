/**
 * The model as it travels in JSON. These names are part of the wire contract: a ruleset written by one
 * version is read by others, so a field is added, never renamed.
 */

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Everything an SDK needs to decide, for one environment at one revision. */
export interface Ruleset {
  /** Raised only when a reader of the previous format would misread. */
  format: 1;
  environmentId: string;
  /** Lineage of `revision`: a restored backup starts a new one. */
  epoch: number;
  revision: number;
  flags: Record<string, Flag>;
  segments: Record<string, Segment>;
  kills: KillElement[];
}

export type FlagType = "boolean" | "string" | "number" | "json";
export type Audience = "server" | "client";

export interface Flag {
  type: FlagType;
  /** Content hash over everything but itself. */
  hash: string;
  on: boolean;
  /** The salt of the flag's splits, fixed when the flag is made. */
  seed: string;
  variations: Variation[];
  /** Id of the variation served when killed, off, failed or undecidable. */
  off: string;
  audience: Audience;
  prerequisites: Prerequisite[];
  targets: Target[];
  rules: Rule[];
  fallthrough: Serve;
  /** Applied by the SDK, which has a clock. */
  stale?: StalePolicy;
}

/** What an SDK does with the flag when it has heard nothing from a server for that long. */
export interface StalePolicy {
  afterSeconds: number;
  then: "off";
}

export interface Variation {
  id: string;
  value: JsonValue;
}

export interface Prerequisite {
  flag: string;
  /** Ids of the variations that satisfy it. */
  variations: string[];
}

export interface Target {
  /** The attribute that is compared, usually `targetingKey`. */
  unit: string;
  variation: string;
  values: string[];
  /** Only in what a browser gets: its user was found in the values, which stay behind. */
  found?: true;
}

export interface Rule {
  /** Stable lineage id: it survives edits, so that merges and promotion work rule by rule. */
  id: string;
  when: Condition;
  serve: Serve;
}

export type Serve = { variation: string } | { split: Split };

export interface Split {
  /** The attribute that is hashed. */
  unit: string;
  /** Overrides the flag's seed. */
  seed?: string;
  /** Absent means the frozen native one. */
  algorithm?: string;
  /** Thousandths of a percent; they sum to 100000. */
  weights: Weight[];
}

export interface Weight {
  variation: string;
  weight: number;
}

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { segment: string }
  | AttributeTest
  | { bucket: BucketTest };

export interface AttributeTest {
  /** Exact flat key first, then a dotted path. */
  attribute: string;
  operator: string;
  values?: JsonValue[];
  /** Folds ASCII only, on string operators. */
  ignoreCase?: boolean;
}

export interface BucketTest {
  unit: string;
  seed: string;
  algorithm?: string;
  /** Thousandths of a percent. */
  below: number;
}

export interface Segment {
  hash: string;
  unit: string;
  included: string[];
  /** Wins over `included`; both win over `when`. */
  excluded: string[];
  when?: Condition;
}

/** What is merged between nodes and SDKs; its identity is (id, flag) within an environment. */
export interface KillElement {
  /** The kill's id. */
  id: string;
  flag: string;
  /** RFC 3339. */
  at: string;
}

/** What the application knows about this evaluation (OpenFeature's evaluation context). */
export interface Context {
  targetingKey?: string | number;
  [attribute: string]: unknown;
}

/** Closed list; the SDKs add `stale`, which needs a clock. */
export type Reason =
  | "flag-not-found"
  | "type-mismatch"
  | "killed"
  | "off"
  | "prerequisite-failed"
  | "target"
  | "rule"
  | "fallthrough"
  | "unit-missing"
  | "unsupported";

/** What `evaluate` answers. */
export interface Decision {
  /** `undefined` exactly when the reason is `flag-not-found`: the caller's default stands in. */
  readonly value: JsonValue | undefined;
  readonly variation: string | undefined;
  readonly reason: Reason;
  /** With reason `rule`: which one. */
  readonly ruleId?: string | undefined;
  /** With reason `prerequisite-failed`: the key of the flag that failed. */
  readonly prerequisite?: string | undefined;
  /** Whether a split decided; with reasons `rule` and `fallthrough`. */
  readonly split?: boolean | undefined;
}
