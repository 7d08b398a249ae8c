import type { OperatorModule } from "./modules.ts";

/** A range of addresses: the first `bits` of `parts` are fixed. */
interface Range {
  parts: number[];
  bits: number;
}

/** Whether an address lies in one of the ranges, or is one of the addresses. */
export const inCidr: OperatorModule = {
  name: "inCidr",
  compile(values) {
    const ranges: Range[] = [];
    for (const value of values) {
      const range = typeof value === "string" ? parseRange(value) : undefined;
      if (range === undefined)
        return `${JSON.stringify(value)} is neither an address nor a range of addresses.`;
      ranges.push(range);
    }
    return (value) => {
      const parts = typeof value === "string" ? parseAddress(value) : undefined;
      return parts !== undefined && ranges.some((range) => contains(range, parts));
    };
  },
};

function contains(range: Range, parts: number[]): boolean {
  if (parts.length !== range.parts.length) return false;
  const width = widthOf(parts);
  return parts.every((part, i) => {
    const loose = Math.min(Math.max((i + 1) * width - range.bits, 0), width);
    return part >> loose === (range.parts[i] as number) >> loose;
  });
}

/** A part of an IPv4 address has 8 bits, of an IPv6 address 16. */
function widthOf(parts: number[]): number {
  return parts.length === 4 ? 8 : 16;
}

function parseRange(text: string): Range | undefined {
  const [address = "", suffix, ...rest] = text.split("/");
  const parts = parseAddress(address);
  if (parts === undefined || rest.length > 0) return undefined;
  // An IPv4 address written as IPv6 keeps the prefix length of what was written.
  const written = address.includes(":") ? 128 : 32;
  if (suffix === undefined) return { parts, bits: written };
  const bits = /^(0|[1-9]\d{0,2})$/.test(suffix) ? Number(suffix) : Number.NaN;
  const total = parts.length * widthOf(parts);
  return bits <= written && bits >= written - total ? { parts, bits: bits - (written - total) } : undefined;
}

/** The parts of an address, an IPv4 one also where it is written as IPv6 (`::ffff:1.2.3.4`). */
function parseAddress(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(":")) return parseV4(text);
  const parts = parseV6(text);
  const mapped = parts?.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff;
  if (parts === undefined || !mapped) return parts;
  return parts.slice(6).flatMap((part) => [part >> 8, part & 255]);
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((part) => part < 256) ? numbers : undefined;
}

function parseV6(text: string): number[] | undefined {
  const halves = text.split("::").map(parseGroups);
  const [head, tail, ...rest] = halves;
  if (head === undefined || rest.length > 0) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const last = groups[groups.length - 1] as string;
  const v4 = last.includes(".") ? parseV4(last) : undefined;
  if (last.includes(".") && v4 === undefined) return undefined;
  const hex = v4 === undefined ? groups : groups.slice(0, -1);
  if (!hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = v4 ?? [];
  return [...hex.map((group) => Number.parseInt(group, 16)), ...(v4 ? [(a << 8) | b, (c << 8) | d] : [])];
}
