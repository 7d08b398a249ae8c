import type { Fault } from "@lanyard/contract";
import { pointer } from "./faults.ts";

// With the `u` flag a surrogate matches only where it stands alone.
const ILL_FORMED = /[\0\ud800-\udfff]/u;

/** Every text that no database column can hold: NUL, or half of a surrogate pair. */
export function textFaults(root: unknown, where: Fault["in"]): Fault[] {
  const faults: Fault[] = [];
  const pending: [unknown, PropertyKey[]][] = [[root, []]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value === "string" ? ILL_FORMED.test(value) : ILL_FORMED.test(String(path.at(-1) ?? "")))
      faults.push({
        in: where,
        path: pointer(path),
        message: "may hold neither NUL nor half of a surrogate pair",
      });
    if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) pending.push([inner, [...path, name]]);
  }
  return faults;
}
