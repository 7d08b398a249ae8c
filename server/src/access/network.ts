import { isIPv6 } from "node:net";

const GROUPS = 8;

/** Whose an address is, as far as addresses tell: itself, or its /64, all of which one IPv6 customer has. */
export function networkOf(address: string): string {
  // Of an IPv4 address in IPv6 clothes the whole is one customer's.
  if (!isIPv6(address) || address.includes(".")) return address;
  const [start = [], end = []] = address.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array.from({ length: GROUPS - start.length - end.length }, () => "0");
  const network = [...start, ...zeros, ...end].slice(0, GROUPS / 2);
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}
