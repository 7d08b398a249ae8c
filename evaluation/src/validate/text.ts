import type { Faults } from "./fault.ts";
import { pointer } from "./fault.ts";

// With the `u` flag a surrogate matches only where it stands alone.
const FORBIDDEN = /[\0\ud800-\udfff]/u;

/** Notes every text, names of fields included, that holds NUL or half of a surrogate pair. */
export function checkText(root: unknown, faults: Faults): void {
  const pending: [unknown, string][] = [[root, ""]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value === "string") {
      if (FORBIDDEN.test(value)) refuse(path, faults);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        const at = `${path}/${pointer(name)}`;
        if (FORBIDDEN.test(name)) refuse(at, faults);
        pending.push([inner, at]);
      }
    }
  }
}

function refuse(path: string, faults: Faults): void {
  faults.add(path, "ill-formed-text", "Text may hold neither NUL nor half of a surrogate pair.");
}

/** How many bytes a text takes in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
