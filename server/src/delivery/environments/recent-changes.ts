const REVISIONS_MAX = 256;
/** Of more than that it costs as little to look at everything. */
const KEYS_MAX = 1_000;

/** The keys of which a step from one revision to another holds something new. */
export interface ChangedKeys extends Record<Kind, ReadonlySet<string>> {
  readonly from: number;
  readonly to: number;
}

type Kind = "flags" | "segments" | "attributes";

/** The newest steps with one more, so that whoever follows looks at what changed and not at the whole environment. */
export function withStep(
  recent: readonly ChangedKeys[],
  {
    from,
    to,
    flags,
    segments,
    attributes,
  }: { from: number; to: number } & Record<Kind, ReadonlyMap<string, unknown>>,
): readonly ChangedKeys[] {
  if (flags.size + segments.size + attributes.size > KEYS_MAX) return [];
  const keys = (entries: ReadonlyMap<string, unknown>) => new Set(entries.keys());
  const step = { from, to, flags: keys(flags), segments: keys(segments), attributes: keys(attributes) };
  return [...recent.slice(1 - REVISIONS_MAX), step];
}

/** What changed since a revision of the same epoch; undefined when nobody remembers. */
export function changedSince(
  { recent, revision }: { recent: readonly ChangedKeys[]; revision: number },
  since: number,
): ChangedKeys | undefined {
  const steps = recent.filter(({ to }) => to > since);
  const [first] = steps;
  if (first === undefined || first.from > since || steps.at(-1)?.to !== revision) return undefined;
  const all = (kind: Kind) => new Set(steps.flatMap((step) => [...step[kind]]));
  return {
    from: since,
    to: revision,
    flags: all("flags"),
    segments: all("segments"),
    attributes: all("attributes"),
  };
}
