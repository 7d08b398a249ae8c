/** What an evaluator has to know to decide a definition. */
export type Kind = "condition" | "operator" | "algorithm";

/** A release of the SDKs, and what it was the first to know. */
export interface Release extends Partial<Record<Kind, readonly string[]>> {
  version: string;
}

/** The SDKs are versioned together, so one row speaks for each of them. A construct gets its place here with the release that has it. */
export const RELEASES: readonly Release[] = [
  {
    version: "0.1.0",
    condition: ["all", "any", "not", "segment", "bucket"],
    operator: [
      ...["in", "equals", "exists", "startsWith", "endsWith", "contains", "matches", "inCidr"],
      ...["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual", "before", "after"],
      ...["semverEqual", "semverLessThan", "semverLessThanOrEqual"],
      ...["semverGreaterThan", "semverGreaterThanOrEqual"],
    ],
    algorithm: ["unleash", "unleash-variant", "launchdarkly", "flagd"],
  },
];

/** The release that a construct came with; undefined of one that none has. */
export function releaseOf(kind: Kind, name: string, releases = RELEASES): string | undefined {
  return releases.find((release) => release[kind]?.includes(name))?.version;
}
