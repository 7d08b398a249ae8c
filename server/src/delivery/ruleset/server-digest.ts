import { digestPart, digestText } from "@lanyard/evaluation/digest";
import { changedSince, type Entry, type EnvironmentState } from "../environments/index.ts";

/** The wire protocol's digest of what server keys see, kept up with the environment. */
export class ServerDigest {
  #seen = { epoch: -1, revision: -1 };
  /** Each definition's share of the digest, which is a sum. */
  readonly #shares = { flag: new Map<string, number>(), segment: new Map<string, number>() };
  #sum = 0;

  of(state: EnvironmentState): string {
    const { epoch, revision } = state;
    if (epoch !== this.#seen.epoch || revision !== this.#seen.revision) {
      const recent = epoch === this.#seen.epoch ? changedSince(state, this.#seen.revision) : undefined;
      this.#follow("flag", state.flags, recent?.flags);
      this.#follow("segment", state.segments, recent?.segments);
      this.#seen = { epoch, revision };
    }
    return digestText(this.#sum);
  }

  #follow(
    kind: "flag" | "segment",
    entries: ReadonlyMap<string, Entry<{ hash: string }>>,
    changed?: Iterable<string>,
  ): void {
    const shares = this.#shares[kind];
    for (const key of changed ?? new Set([...shares.keys(), ...entries.keys()])) {
      const content = entries.get(key)?.content;
      const share = content ? digestPart(kind, key, content.hash) : 0;
      this.#sum += share - (shares.get(key) ?? 0);
      if (content) shares.set(key, share);
      else shares.delete(key);
    }
  }
}
