import type { Ruleset } from "@lanyard/evaluation";

/** The digest of docs/protocol.md, written from that page and not from the evaluator. */
export function digestOf({ flags, segments }: Ruleset): string {
  const entries = [
    ...Object.entries(flags).map(([key, { hash }]) => `flag:${key}:${hash}`),
    ...Object.entries(segments).map(([key, { hash }]) => `segment:${key}:${hash}`),
  ];
  const sum = entries.reduce((total, entry) => (total + murmur3(Buffer.from(entry, "utf8"))) >>> 0, 0);
  return sum.toString(16).padStart(8, "0");
}

/** MurmurHash3 x86 32 with seed 0. */
function murmur3(bytes: Buffer): number {
  let hash = 0;
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) {
    hash ^= scramble(bytes.readUInt32LE(at));
    hash = Math.imul(rotate(hash, 13), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= whole; at--) rest = (rest << 8) | (bytes[at] ?? 0);
  if (whole < bytes.length) hash ^= scramble(rest);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const scramble = (block: number): number => Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
