import { wellFormed } from "./operators/text.ts";

/** The sum of a split's weights: a weight of one is a thousandth of a percent. */
export const TOTAL_WEIGHT = 100_000;

/** A hash that has consumed a prefix, so that what follows costs only its own bytes. */
export interface HashState {
  hash: number;
  /** Bytes that do not fill a word yet. */
  tail: number;
  length: number;
}

/**
 * murmur3_x86_32 over the UTF-8 of `text`, continued from `from`; `keep` learns where it got. The hash is a signed integer, which
 * an engine returns without allocating.
 */
export function murmur3(text: string, from = hashState(""), keep?: HashState, isUtf8 = false): number {
  let { hash, tail, length } = from;
  const end = text.length;
  // Gathers what sets bits beyond ASCII, a zero less one too: asking once costs less than asking for every byte.
  let odd = 0;
  for (let i = 0; i < end; i++) {
    const byte = text.charCodeAt(i);
    odd |= byte | (byte - 1);
    // A shift counts modulo 32.
    tail |= byte << (length << 3);
    length++;
    if ((length & 3) === 0) {
      hash = (Math.imul(rotate(hash ^ scramble(tail), 13), 5) + 0xe6546b64) | 0;
      tail = 0;
    }
  }
  if (odd >>> 7 !== 0 && !isUtf8) return murmur3(utf8(text), from, keep, true);
  if (keep !== undefined) Object.assign(keep, { hash, tail, length });
  hash ^= scramble(tail) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** What `murmur3` continues from once it has consumed `prefix`, begun at `seed`. */
export function hashState(prefix: string, seed = 0): HashState {
  const state = { hash: seed, tail: 0, length: 0 };
  murmur3(prefix, state, state);
  return state;
}

/** The native way of bucketing: a function from a unit to where it falls, at least 0, below 100000. */
export function bucketing(seed: string): (unit: string) => number {
  const state = hashState(`${seed}.`);
  return (unit) => scale(murmur3(unit, state));
}

/** Where a unit falls in a split, from 0 to 99999; frozen for ever by its vectors. */
export function bucket(seed: string, unit: string): number {
  return bucketing(seed)(unit);
}

/** Maps a hash to the scale of the weights; the product is exact in a double. */
export function scale(hash: number): number {
  return Math.floor(((hash >>> 0) * TOTAL_WEIGHT) / 2 ** 32);
}

/** The UTF-8 of a text, a character a byte. What no text may hold, NUL and half a surrogate pair, becomes U+FFFD. */
export function utf8(text: string): string {
  return unescape(encodeURIComponent(wellFormed(text)));
}

function scramble(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
