import type { Context, Flag } from "@lanyard/evaluation";
import { createSpecialiser, decided, type Specialiser } from "@lanyard/evaluation/specialise";
import { extensions } from "../../extensions.ts";
import { changedSince, type Entry, type EnvironmentState } from "../environments/index.ts";
import {
  type AudienceClass,
  classKey,
  EMPTY_LAYOUT,
  exchanged,
  keysOf,
  type Layout,
  makeClass,
  nextOwn,
  type Own,
  ownOf,
  type Shown,
  shownFlag,
} from "./audience-class.ts";
import { LiveClasses } from "./live-classes.ts";

/** A flag that told so many users apart that browsers get its answer now, and where it asks what is private. */
export interface Widened {
  flag: string;
  paths: string[];
}

/**
 * What browsers get of one environment: the residuals of its client flags, kept up with its state. A change costs what
 * it touches, once for each class.
 */
export class Residuals {
  readonly #told: (widened: Widened) => void;
  readonly #live: LiveClasses;
  #seen = { epoch: -1, revision: -1 };
  #publicNames = "[]";
  #specialiser = specialiserFor([]);
  #layout = EMPTY_LAYOUT;
  readonly #shown = new WeakMap<Flag, Shown>();
  /** Flags that are given as answers. */
  readonly #wide = new Set<string>();
  /** The newest known, by what is verified; most visitors are one anonymous context. */
  readonly #byUser = new WeakMap<Context, AudienceClass>();
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
  follow(state: EnvironmentState): void {
    const { epoch, revision, flags, segments } = state;
    if (epoch === this.#seen.epoch && revision === this.#seen.revision) return;
    const recent = epoch === this.#seen.epoch ? changedSince(state, this.#seen.revision) : undefined;
    this.#seen = { epoch, revision };
    const touched =
      recent?.attributes.size === 0
        ? new Set(this.#specialiser.apply(changes(flags, recent.flags), changes(segments, recent.segments)))
        : this.#takeWhole(state);
    for (const key of touched) this.#wide.delete(key);
    if (touched.size > 0) this.#lay(touched);
  }

  /** The class of a user. */
  classOf(verified: Context): AudienceClass {
    const known = this.#byUser.get(verified);
    const found = known ? this.next(known, verified) : this.#classFrom(verified);
    found.usedAt = performance.now();
    this.#byUser.set(verified, found);
    return found;
  }

  /** The class that a user of `before` is in now. */
  next(before: AudienceClass, verified: Context): AudienceClass {
    const layout = this.#layout;
    const { number, personal, touched } = layout;
    if (before.layout.number === number) return before;
    if (before.layout.number + 1 !== number) return this.#classFrom(verified);
    const shown = this.#shownTo(verified);
    const fresh = new Map([...touched].filter((key) => personal.has(key)).map((key) => [key, shown(key)]));
    const outcome = [...fresh.values()].map(({ mark }) => mark).join();
    const moves = this.#moves.get(before) ?? new Map<string, AudienceClass>();
    this.#moves.set(before, moves);
    const after = moves.get(outcome) ?? this.#classWith(nextOwn(before, layout, fresh), verified);
    moves.set(outcome, after);
    return after;
  }

  /** Looks at everything, and returns the flags that it touched. */
  #takeWhole({ flags, segments, attributes }: EnvironmentState): Set<string> {
    const names = [...attributes].flatMap(([name, { content }]) => (content === null ? [] : [name])).sort();
    const publicNames = JSON.stringify(names);
    const touched = new Set<string>();
    if (publicNames !== this.#publicNames) {
      for (const key of keysOf(this.#layout)) touched.add(key);
      this.#specialiser = specialiserFor(names);
      this.#publicNames = publicNames;
    }
    for (const key of this.#specialiser.apply(changes(flags), changes(segments), true)) touched.add(key);
    return touched;
  }

  /** The class of a user of whom nothing is known yet. */
  #classFrom(verified: Context): AudienceClass {
    return this.#classWith(ownOf(this.#layout, this.#shownTo(verified)), verified);
  }

  #shownTo(verified: Context): (key: string) => Shown {
    const left = this.#specialiser.forUser(verified);
    return (key) => {
      const residual = left(key);
      if (this.#wide.has(key)) return shownFlag(key, decided(key, residual, verified, extensions));
      const shown = this.#shown.get(residual) ?? shownFlag(key, residual);
      this.#shown.set(residual, shown);
      return shown;
    };
  }

  /** The live class of these flags, or a new one; where there are too many, fewer users are told apart. */
  #classWith(own: Own, verified: Context): AudienceClass {
    const key = classKey(this.#layout, own);
    const live = this.#live.get(key);
    if (live) return live;
    const made = makeClass(this.#layout, own, key);
    if (this.#live.add(made) || !this.#widen()) return made;
    return this.#classFrom(verified);
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
    let { shares } = this.#layout;
    const common = this.#layout.common.withMutations((common) => {
      for (const key of touched) {
        const flag = flags.get(key);
        const come = flag && !flag.isPersonal ? anybody(key) : undefined;
        shares = exchanged(shares, common.get(key), come);
        if (come) common.set(key, come);
        else common.delete(key);
      }
    });
    const isPersonal = (key: string) => flags.get(key)?.isPersonal === true;
    const personal = placed(this.#layout.personal, touched, isPersonal);
    this.#layout = { number: this.#layout.number + 1, common, personal, shares, touched };
    this.#moves = new WeakMap();
    this.#live.clear();
  }
}

/** Where each personal flag stands. */
function placed(
  before: Layout["personal"],
  touched: ReadonlySet<string>,
  isPersonal: (key: string) => boolean,
): Layout["personal"] {
  const changed = [...touched].filter((key) => before.has(key) !== isPersonal(key));
  if (changed.length === 0) return before;
  const gone = new Set(changed.filter((key) => before.has(key)));
  const keys = [...[...before.keys()].filter((key) => !gone.has(key)), ...changed.filter(isPersonal)];
  return new Map(keys.map((key, at) => [key, at]));
}

function specialiserFor(publicNames: string[]): Specialiser {
  const nothing = { environmentId: "", epoch: 0, revision: 0, flags: {}, segments: {}, kills: [] };
  return createSpecialiser({ format: 1, ...nothing }, { publicAttributes: new Set(publicNames) }, extensions);
}

/** What is live under each key, or under some; null where nothing is. */
function changes<Content>(
  entries: ReadonlyMap<string, Entry<Content>>,
  keys: Iterable<string> = entries.keys(),
): Record<string, Content | null> {
  return Object.fromEntries(Array.from(keys, (key) => [key, entries.get(key)?.content ?? null]));
}
