import { utf8 } from "./utf8.ts";

/** SHA-1 of a text's UTF-8, as five unsigned words. Synchronous, which the platforms' own is not. */
export function sha1(text: string): number[] {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = padded(utf8(text));
  for (let at = 0; at < words.length; at += 16) block(state, words.slice(at, at + 16));
  return state.map((word) => word >>> 0);
}

function padded(bytes: readonly number[]): number[] {
  const words = new Array<number>((((bytes.length + 8) >> 6) + 1) * 16).fill(0);
  [...bytes, 0x80].forEach((byte, i) => {
    words[i >> 2] = (words[i >> 2] as number) | (byte << (24 - (i & 3) * 8));
  });
  words[words.length - 1] = bytes.length * 8;
  return words;
}

function block(state: number[], words: number[]): void {
  let [a, b, c, d, e] = state as [number, number, number, number, number];
  for (let i = 0; i < 80; i++) {
    if (i >= 16)
      words[i] = rotate(
        word(words, i - 3) ^ word(words, i - 8) ^ word(words, i - 14) ^ word(words, i - 16),
        1,
      );
    const next = (rotate(a, 5) + mixed(i, b, c, d) + e + word(words, i)) | 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((value, i) => {
    state[i] = ((state[i] as number) + value) | 0;
  });
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function word(words: number[], i: number): number {
  return words[i] as number;
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
