import type { Context } from "@lanyard/evaluation";
import { LISTED_IDS, segmentIds, WEIGHTS } from "./workloads.ts";

/** The tightest hand-written code for one workload's decision. */
export type Floor = (key: string, context: Context) => boolean;

interface Subject {
  targetingKey: string;
  country: string;
  email: string;
  plan: string;
  version: string;
}

/** What a floor knows about a flag: constants in the very form in which they are compared. */
interface Constants {
  countries: Set<string>;
  suffix: string;
  plan: string;
  minor: number;
  ids: Set<string>;
  prefix: Prefix;
}

/** A seed that has been hashed already. */
interface Prefix {
  hash: number;
  tail: number;
  length: number;
}

/** The floor of each workload. */
export const FLOORS: Record<string, () => Floor> = {
  W1: () => {
    const flags = new Map([["flag", true]]);
    return (key) => flags.get(key) as boolean;
  },
  W2: () => {
    const flags = new Map([["flag", prefixOf("seed.")]]);
    return (key, context) =>
      bucketBelow(flags.get(key) as Prefix, (context as unknown as Subject).targetingKey, 25_000);
  },
  W3: () => fiveRules(["flag"]),
  W4: () => {
    const flags = new Map([["flag", prefixOf("seed.")]]);
    const [a = 0, b = 0, c = 0] = WEIGHTS;
    return (key, context) => {
      const at = bucket(flags.get(key) as Prefix, (context as unknown as Subject).targetingKey);
      return at < a ? true : at < a + b ? false : at < a + b + c;
    };
  },
  W5: () => fiveRules(Array.from({ length: 2_000 }, (_, i) => `flag-${i}`)),
  W6: () => {
    const flags = new Map([["flag", new Set(LISTED_IDS)]]);
    return (key, context) =>
      (flags.get(key) as Set<string>).has((context as unknown as Subject).targetingKey);
  },
};

function fiveRules(keys: string[]): Floor {
  const flags = new Map(keys.map((key, i) => [key, constantsOf(i)]));
  return (key, context) => {
    const flag = flags.get(key) as Constants;
    const subject = context as unknown as Subject;
    if (flag.countries.has(subject.country)) return true;
    if (subject.email.endsWith(flag.suffix)) return true;
    if (subject.plan === flag.plan) return true;
    if (isAtLeast(subject.version, 7, flag.minor, 0)) return true;
    if (flag.ids.has(subject.targetingKey)) return true;
    return bucketBelow(flag.prefix, subject.targetingKey, 50_000);
  };
}

function constantsOf(i: number): Constants {
  return {
    countries: new Set(["NO", "SE", "DK", "FI", "IS"].map((country) => `${country}${i}`)),
    suffix: `@company-${i}.example`,
    plan: `plan-${i}`,
    minor: i,
    ids: new Set(segmentIds(i)),
    prefix: prefixOf(`seed${i}.`),
  };
}

/** Reads three numbers and compares: no pre-releases, no errors. */
function isAtLeast(version: string, major: number, minor: number, patch: number): boolean {
  let at = 0;
  let part = 0;
  let a = 0;
  let b = 0;
  for (let number = 0; ; at++) {
    const code = version.charCodeAt(at);
    if (code >= 48 && code < 58) {
      number = number * 10 + code - 48;
      continue;
    }
    if (part === 0) a = number;
    else if (part === 1) b = number;
    else return a !== major ? a > major : b !== minor ? b > minor : number >= patch;
    part++;
    number = 0;
  }
}

function bucketBelow(prefix: Prefix, unit: string, below: number): boolean {
  return bucket(prefix, unit) < below;
}

function bucket(prefix: Prefix, unit: string): number {
  return (murmur3(prefix, unit) * 100_000) / 4294967296;
}

/** Continues from the prefix, four characters at a time: ASCII only. */
function murmur3({ hash, tail, length }: Prefix, unit: string): number {
  let h = hash;
  let carried = tail;
  const shift = (length & 3) * 8;
  let i = 0;
  for (; i + 4 <= unit.length; i += 4) {
    const word =
      unit.charCodeAt(i) |
      (unit.charCodeAt(i + 1) << 8) |
      (unit.charCodeAt(i + 2) << 16) |
      (unit.charCodeAt(i + 3) << 24);
    h = mix(h, carried | (word << shift));
    carried = shift === 0 ? 0 : word >>> (32 - shift);
  }
  let bits = shift;
  for (; i < unit.length; i++) {
    carried |= unit.charCodeAt(i) << bits;
    bits += 8;
    if (bits === 32) {
      h = mix(h, carried);
      carried = 0;
      bits = 0;
    }
  }
  h ^= scramble(carried) ^ (length + unit.length);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function prefixOf(text: string): Prefix {
  let hash = 0;
  let tail = 0;
  for (let i = 0; i < text.length; i++) {
    tail |= text.charCodeAt(i) << ((i & 3) * 8);
    if ((i & 3) === 3) {
      hash = mix(hash, tail);
      tail = 0;
    }
  }
  return { hash, tail, length: text.length };
}

function mix(hash: number, word: number): number {
  const x = hash ^ scramble(word);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
