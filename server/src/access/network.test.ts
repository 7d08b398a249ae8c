import fc from "fast-check";
import { expect, test } from "vitest";
import { networkOf } from "./network.ts";

const half = fc.tuple(...Array.from({ length: 4 }, () => fc.oneof(fc.constant(0), fc.nat(0xffff))));

/** In full, and as short as it can be written. */
function spellings(groups: number[]): string[] {
  const full = groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
  return [full, new URL(`http://[${full}]`).hostname.slice(1, -1)];
}

test("an IPv6 customer is one network, however an address of it is written", () => {
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      const names = [...spellings([...network, ...one]), ...spellings([...network, ...other])].map(networkOf);
      expect(new Set(names).size).toBe(1);
    }),
  );
});

test("two IPv6 customers are two networks", () => {
  fc.assert(
    fc.property(half, half, half, (one, other, rest) => {
      fc.pre(String(one) !== String(other));
      const [mine, yours] = [one, other].map(
        (network) => new Set(spellings([...network, ...rest]).map(networkOf)),
      );
      expect(mine).not.toEqual(yours);
    }),
  );
});

test("an IPv4 address is its own, and what is no address stays what it is", () => {
  for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "unknown", ""])
    expect(networkOf(address)).toBe(address);
});
