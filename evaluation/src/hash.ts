/** The sum of a split's weights: a weight of one is a thousandth of a percent. */
export const TOTAL_WEIGHT = 100_000;

/** A hash that has consumed a prefix, so that what follows costs only its own bytes. */
export interface HashState {
  hash: number;
  /** Bytes that do not fill a word yet, and how many bits they take. */
  tail: number;
  bits: number;
  length: number;
}

/** murmur3_x86_32 over the UTF-8 of `text` as an unsigned integer, continued from `from`; `keep` learns where it got. */
export function murmur3(text: string, from = hashState("", 0), keep?: HashState): number {
  let { hash, tail, bits, length } = from;
  for (let i = 0; i < text.length; ) {
    let word = fourAscii(text, i);
    let size = 32;
    if (word > 0) {
      i += 4;
    } else {
      const code = text.codePointAt(i) as number;
      i += code > 0xffff ? 2 : 1;
      word = utf8(code);
      size = code === 0 ? 24 : code < 0x80 ? 8 : code < 0x800 ? 16 : code < 0x10000 ? 24 : 32;
    }
    tail |= word << bits;
    bits += size;
    length += size >> 3;
    if (bits >= 32) {
      hash = (Math.imul(rotate(hash ^ scramble(tail), 13), 5) + 0xe6546b64) | 0;
      bits -= 32;
      tail = bits === 0 ? 0 : word >>> (size - bits);
    }
  }
  if (keep !== undefined) Object.assign(keep, { hash, tail, bits, length });
  hash ^= scramble(tail) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** What `murmur3` continues from once it has consumed `prefix`, begun at `seed`. */
export function hashState(prefix: string, seed = 0): HashState {
  const state = { hash: seed, tail: 0, bits: 0, length: 0 };
  if (prefix !== "") murmur3(prefix, state, state);
  return state;
}

/** The native way of bucketing: a function from a unit to where it falls, at least 0, below 100000. */
export function bucketing(seed: string): (unit: string) => number {
  const state = hashState(`${seed}.`);
  return (unit) => scale(murmur3(unit, state));
}

/** Where a unit falls in a split, from 0 to 99999; frozen for ever by its vectors. */
export function bucket(seed: string, unit: string): number {
  return Math.floor(scale(murmur3(`${seed}.${unit}`)));
}

/** Maps a hash to the scale of the weights; the product is exact in a double. */
export function scale(hash: number): number {
  return (hash * TOTAL_WEIGHT) / 2 ** 32;
}

/** The next four characters as one little-endian word, or 0 where they are not all plain ASCII. */
function fourAscii(text: string, i: number): number {
  if (i + 4 > text.length) return 0;
  const a = text.charCodeAt(i);
  const b = text.charCodeAt(i + 1);
  const c = text.charCodeAt(i + 2);
  const d = text.charCodeAt(i + 3);
  const plain = (a | b | c | d) < 0x80 && ((a - 1) | (b - 1) | (c - 1) | (d - 1)) >= 0;
  return plain ? a | (b << 8) | (c << 16) | (d << 24) : 0;
}

/** One code point in UTF-8, its first byte lowest. What no text may hold, NUL and half a surrogate pair, becomes U+FFFD. */
function utf8(point: number): number {
  let code = point === 0 || (point >= 0xd800 && point < 0xe000) ? 0xfffd : point;
  if (code < 0x80) return code;
  let word = 0;
  let room = 0x40;
  do {
    word = (word << 8) | 0x80 | (code & 63);
    code >>= 6;
    room >>= 1;
  } while (code >= room);
  return (word << 8) | (256 - 2 * room) | code;
}

function scramble(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
