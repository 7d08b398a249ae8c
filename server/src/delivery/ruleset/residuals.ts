import type { Context, Flag } from "@lanyard/evaluation";
import { algorithms } from "@lanyard/evaluation/algorithms";
import { operators } from "@lanyard/evaluation/operators";
import { createSpecialiser, decided, type Specialiser } from "@lanyard/evaluation/specialise";
import type { Entry, EnvironmentState } from "../environments/index.ts";
import {
  type AudienceClass,
  classKey,
  EMPTY_LAYOUT,
  keysOf,
  type Layout,
  makeClass,
  type Shown,
  shownFlag,
  shownTo,
} from "./audience-class.ts";
import { LiveClasses } from "./live-classes.ts";

/** Every operator and algorithm that there is. */
export const EXTENSIONS = { operators, algorithms };

/** A flag that told so many users apart that browsers get its answer now, and where it asks what is private. */
export interface Widened {
  flag: string;
  paths: string[];
}

type Seen = Pick<EnvironmentState, "epoch" | "revision" | "flags" | "segments"> & { publicNames: string };

/**
 * What browsers get of one environment: the residuals of its client flags, kept up with its state. A change costs what
 * it touches, once for each class.
 */
export class Residuals {
  readonly #told: (widened: Widened) => void;
  readonly #live: LiveClasses;
  #seen: Seen = { epoch: -1, revision: -1, flags: new Map(), segments: new Map(), publicNames: "[]" };
  #specialiser = specialiserFor([]);
  #layout = EMPTY_LAYOUT;
  readonly #shown = new WeakMap<Flag, Shown>();
  /** Flags that are given as answers. */
  readonly #wide = new Set<string>();
  /** Classes of this layout, by what is verified; most visitors are one anonymous context. */
  #byUser = new WeakMap<Context, AudienceClass>();
  /** Where the classes of the layout before went, by what the touched flags became for their users. */
  #moves = new WeakMap<AudienceClass, Map<string, AudienceClass>>();

  constructor(told: (widened: Widened) => void, liveMax?: number) {
    this.#told = told;
    this.#live = new LiveClasses(liveMax);
  }

  get layout(): Layout {
    return this.#layout;
  }

  get liveClasses(): number {
    return this.#live.size;
  }

  /** Takes in what has changed in the environment since the last call. */
  follow({ epoch, revision, flags, segments, attributes }: EnvironmentState): void {
    if (epoch === this.#seen.epoch && revision === this.#seen.revision) return;
    const names = [...attributes].flatMap(([name, { content }]) => (content === null ? [] : [name])).sort();
    const publicNames = JSON.stringify(names);
    const touched = new Set<string>();
    if (publicNames !== this.#seen.publicNames) {
      for (const key of keysOf(this.#layout)) touched.add(key);
      this.#specialiser = specialiserFor(names);
      this.#seen = { ...this.#seen, flags: new Map(), segments: new Map() };
    }
    const changed = [changes(this.#seen.flags, flags), changes(this.#seen.segments, segments)] as const;
    for (const key of this.#specialiser.apply(...changed)) touched.add(key);
    this.#seen = { epoch, revision, flags: new Map(flags), segments: new Map(segments), publicNames };
    for (const key of touched) this.#wide.delete(key);
    if (touched.size > 0) this.#lay(touched);
  }

  /** The class of a user. */
  classOf(verified: Context): AudienceClass {
    const known = this.#byUser.get(verified);
    if (known) {
      known.usedAt = performance.now();
      return known;
    }
    const shown = this.#shownTo(verified);
    const found = this.#classWith([...this.#layout.personal.keys()].map(shown), verified);
    this.#byUser.set(verified, found);
    return found;
  }

  /** The class that a user of `before` is in now. */
  next(before: AudienceClass, verified: Context): AudienceClass {
    const { number, personal, touched } = this.#layout;
    if (before.layout.number === number) return before;
    if (before.layout.number + 1 !== number) return this.classOf(verified);
    const shown = this.#shownTo(verified);
    const fresh = new Map([...touched].filter((key) => personal.has(key)).map((key) => [key, shown(key)]));
    const outcome = [...fresh.values()].map(({ mark }) => mark).join();
    const moves = this.#moves.get(before) ?? new Map<string, AudienceClass>();
    this.#moves.set(before, moves);
    const own = () => [...personal.keys()].map((key) => fresh.get(key) ?? (shownTo(before, key) as Shown));
    const after = moves.get(outcome) ?? this.#classWith(own(), verified);
    moves.set(outcome, after);
    return after;
  }

  #shownTo(verified: Context): (key: string) => Shown {
    const left = this.#specialiser.forUser(verified);
    return (key) => {
      const residual = left(key);
      if (this.#wide.has(key)) return shownFlag(key, decided(key, residual, verified, EXTENSIONS));
      const shown = this.#shown.get(residual) ?? shownFlag(key, residual);
      this.#shown.set(residual, shown);
      return shown;
    };
  }

  /** The live class of these flags, or a new one; where there are too many, fewer users are told apart. */
  #classWith(own: Shown[], verified: Context): AudienceClass {
    const key = classKey(this.#layout, own);
    const live = this.#live.get(key);
    if (live) return live;
    const made = makeClass(this.#layout, own, key);
    if (this.#live.add(made) || !this.#widen()) return made;
    return this.classOf(verified);
  }

  /** Gives the answers of the flag that tells most users apart. Streams find out by their digest. */
  #widen(): boolean {
    const candidates = [...this.#layout.personal.keys()].filter((key) => !this.#wide.has(key));
    const flag = this.#live.widest(candidates);
    if (flag === undefined) return false;
    this.#wide.add(flag);
    const paths = this.#specialiser.facts().find((each) => each.flag === flag)?.paths ?? [];
    this.#told({ flag, paths });
    this.#lay(new Set([flag]));
    return true;
  }

  #lay(touched: ReadonlySet<string>): void {
    const { flags } = this.#specialiser;
    const anybody = this.#shownTo({});
    const common = new Map(this.#layout.common);
    const personal = new Set(this.#layout.personal.keys());
    let { number, digest, mark } = this.#layout;
    for (const key of touched) {
      const gone = common.get(key);
      const flag = flags.get(key);
      const come = flag && !flag.isPersonal ? anybody(key) : undefined;
      digest += (come?.digest ?? 0) - (gone?.digest ?? 0);
      mark += (come?.mark ?? 0n) - (gone?.mark ?? 0n);
      if (come) common.set(key, come);
      else common.delete(key);
      if (flag?.isPersonal) personal.add(key);
      else personal.delete(key);
    }
    number += 1;
    const places = new Map([...personal].sort().map((key, i) => [key, i]));
    this.#layout = { number, common, personal: places, digest, mark, touched };
    this.#moves = new WeakMap();
    this.#byUser = new WeakMap();
    this.#live.clear();
  }
}

function specialiserFor(publicNames: string[]): Specialiser {
  const nothing = { environmentId: "", epoch: 0, revision: 0, flags: {}, segments: {}, kills: [] };
  return createSpecialiser({ format: 1, ...nothing }, { publicAttributes: new Set(publicNames) }, EXTENSIONS);
}

/** What is new or different, by key; null where it is gone. */
function changes<Content>(before: Map<string, Entry<Content>>, after: Map<string, Entry<Content>>) {
  const changed: [string, Content | null][] = [];
  for (const [key, entry] of after) {
    const known = before.get(key);
    if (known !== entry && known?.json !== entry.json) changed.push([key, entry.content]);
  }
  for (const key of before.keys()) if (!after.has(key)) changed.push([key, null]);
  return Object.fromEntries(changed);
}
