import type { Encoding, Snapshot } from "./snapshot.ts";

/** Of every answer with a ruleset, and of every one that says that there is no newer one. */
export const CACHING = {
  "Cache-Control": "private, no-cache",
  Vary: "Authorization, Lanyard-Context, Accept-Encoding, Origin",
};

export function etagOf({ tag }: Snapshot, encoding: Encoding): string {
  return `"${tag}-${encoding}"`;
}

/** The best encoding that `Accept-Encoding` allows. */
export function negotiate(header: string | string[] | undefined): Encoding {
  const accepted = new Map(
    String(header ?? "")
      .split(",")
      .map((part) => {
        const [name = "", ...parameters] = part
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/);
        const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
        return [name, weight === undefined ? 1 : Number(weight)] as const;
      }),
  );
  const allows = (name: string) => (accepted.get(name) ?? accepted.get("*") ?? 0) > 0;
  if (allows("br")) return "br";
  return allows("gzip") ? "gzip" : "identity";
}

/** Whether `If-None-Match` names the tag; weak comparison, as RFC 9110 asks of a GET. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((part) => part.trim().replace(/^W\//, "") === etag);
}
