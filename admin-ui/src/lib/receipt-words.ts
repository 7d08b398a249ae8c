import type { KillReceipts } from "@lanyard/contract";

type Straggler = KillReceipts["stragglers"][number];

const NAMED = 3;

/** `12 ms`, `1.4 s`. */
export function milliseconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `412 of 415 instances confirmed`, and what a sample says. */
export function confirmedWords({ seen, confirmed, sampled }: KillReceipts): string {
  if (seen === 0) return "No instance was connected";
  const instances = seen === 1 ? "instance" : "instances";
  const count = `${confirmed.toLocaleString("en")} of ${seen.toLocaleString("en")} ${instances} confirmed`;
  return sampled ? `${count}; a sample was asked` : count;
}

/** `one instance and 12 browsers`: who holds a kill. */
export function holderWords({ instances, browsers }: { instances: number; browsers: number }): string {
  const counts = [
    { count: instances, noun: "instance" },
    { count: browsers, noun: "browser" },
  ];
  return counts
    .filter(({ count }) => count > 0)
    .map(({ count, noun }) => (count === 1 ? `one ${noun}` : `${count.toLocaleString("en")} ${noun}s`))
    .join(" and ");
}

/** `checkout-api on web-3`, with as much as the instance said of itself. */
export function instanceName({ app, host }: Pick<Straggler, "app" | "host">): string {
  if (app === null) return host ?? "unnamed instance";
  return host === null ? app : `${app} on ${host}`;
}

/** Who has not confirmed; empty when nobody is missed. */
export function stragglerWords({ seen, confirmed, stragglers }: KillReceipts): string {
  if (stragglers.length === 0) return "";
  const missing = seen - confirmed;
  const named = stragglers
    .slice(0, NAMED)
    .map((one) => `${instanceName(one)}${one.stale ? " (not heard of for a minute)" : ""}`);
  const more = missing > named.length ? ` and ${(missing - named.length).toLocaleString("en")} more` : "";
  return `Not confirmed: ${named.join(", ")}${more}`;
}
