import type { Warning } from "@lanyard/contract";
import { operators } from "@lanyard/evaluation/operators";
import { versionRank } from "@lanyard/evaluation/version";
import type { Connected } from "../services.ts";
import { RELEASES, type Release, releaseOf } from "./releases.ts";
import type { Use } from "./uses.ts";

/** What was saved, as far as somebody may not understand it. */
export interface Saved {
  uses: readonly Use[];
  /** Flags for browsers that are decided by it, and what pages may test. */
  browsers: { flags: readonly string[]; publicAttributes: ReadonlySet<string> };
  /** Where flags are decided by it, and who is connected there. */
  places: readonly Place[];
}

export interface Place {
  environment: string;
  flags: readonly string[];
  connected: Connected;
}

const NAMED_MAX = 3;
const OPT_IN = new Set(operators.map(({ name }) => name));

/** Every warning of what was saved. Each operator and each environment is told once, at the first place that it lies at. */
export function warningsOf({ uses, browsers, places }: Saved, releases = RELEASES): Warning[] {
  return [
    ...optInWarnings(uses, browsers),
    ...places.flatMap((place) => tooOldWarning(uses, place, releases) ?? []),
  ];
}

/** A test of what is private is decided before the flag leaves, so only one of a public attribute reaches a page. */
function optInWarnings(uses: readonly Use[], { flags, publicAttributes }: Saved["browsers"]): Warning[] {
  if (flags.length === 0) return [];
  const first = new Map<string, Use>();
  for (const use of uses)
    if (use.attribute !== undefined && OPT_IN.has(use.name) && publicAttributes.has(use.attribute))
      first.set(use.name, first.get(use.name) ?? use);
  return [...first.values()].map(({ name, path }) => ({
    code: "operator-opt-in",
    detail: `Pages have to register the operator "${name}" from @lanyard/sdk-browser/operators; one that does not serves the off variation of ${named(flags)}.`,
    path,
  }));
}

/** Of all that a flag needs only the newest is named: whoever knows that knows the rest. */
function tooOldWarning(
  uses: readonly Use[],
  { environment, flags, connected }: Place,
  releases: readonly Release[],
): Warning | undefined {
  const newest = newestOf(uses, releases);
  if (!newest || flags.length === 0) return undefined;
  const { use, version } = newest;
  const { all, older } = count(connected, version);
  if (older === 0) return undefined;
  const those =
    connected.scope === "this-node"
      ? `instances in ${environment} that this node knows of`
      : `instances connected in ${environment}`;
  return {
    code: "instances-too-old",
    detail: `The ${use.kind} "${use.name}" needs version ${version} of the SDK. Older ones, in ${older} of ${all} ${those}, serve the off variation of ${named(flags)}.`,
    path: use.path,
  };
}

function newestOf(uses: readonly Use[], releases: readonly Release[]) {
  let newest: { use: Use; version: string } | undefined;
  for (const use of uses) {
    const version = releaseOf(use.kind, use.name, releases);
    if (version !== undefined && (!newest || isOlder(newest.version, version))) newest = { use, version };
  }
  return newest;
}

/** Only of our own SDK is it known what its versions know. */
function count({ sdks }: Connected, version: string): { all: number; older: number } {
  const counted = { all: 0, older: 0 };
  for (const [sdk, instances] of sdks) {
    const [name, running] = sdk?.split("/") ?? [];
    counted.all += instances;
    if (name === "node" && isOlder(running, version)) counted.older += instances;
  }
  return counted;
}

/** What is no version is not older. */
function isOlder(version: string | undefined, than: string): boolean {
  const rank = versionRank(version);
  const limit = versionRank(than);
  return rank !== undefined && limit !== undefined && rank < limit;
}

function named(flags: readonly string[]): string {
  const names = flags.slice(0, NAMED_MAX).map((key) => `"${key}"`);
  const more = flags.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}
