import { parseArgs } from "node:util";
import { faultOfKind } from "../options.ts";
import { PACKAGES, type Package } from "./declarations.ts";

export const USAGE = `usage: lanyard types --out <file> [--check] [--for node] [--for browser]
                     (--url <server> --key <server key> | --ruleset <file>)

Writes the project's flags and their types to a declaration file, which types the keys of every read.
  --out <file>      the file to write, such as flags.d.ts
  --check           write nothing; fail when the file does not say what would be written
  --for <package>   node (the default) or browser, which sees the flags for clients; repeat it for both
  --url, --key      the server to ask; LANYARD_URL and LANYARD_KEY unless given
  --ruleset <file>  a ruleset that was kept, as GET /sdk/v1/ruleset gives it, in place of a server`;

export interface Arguments {
  out: string;
  check: boolean;
  packages: Package[];
  from: { url: string; key: string } | { ruleset: string };
}

/** Throws with every fault of the call, in words. */
export function readArguments(given: string[], env: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parseArgs({
    args: given,
    allowPositionals: true,
    options: {
      out: { type: "string" },
      check: { type: "boolean", default: false },
      for: { type: "string", multiple: true, default: ["node"] },
      url: { type: "string" },
      key: { type: "string" },
      ruleset: { type: "string" },
    },
  });
  const { out = "", check, ruleset } = values;
  const url = values.url ?? env.LANYARD_URL ?? "";
  const key = values.key ?? env.LANYARD_KEY ?? "";
  const strangers = values.for.filter((name) => !Object.hasOwn(PACKAGES, name));
  const faults = [
    positionals.join(" ") !== "types" && "the command is `types`",
    out === "" && "--out is missing",
    ...strangers.map((name) => `--for ${name}: it is node or browser`),
    ruleset === undefined && url === "" && "--url is missing",
    ruleset === undefined && url !== "" && !/^https?:\/\/./.test(url) && "--url must be an http or https URL",
    ruleset === undefined && key === "" && "--key is missing",
    ruleset === undefined && faultOfKind(key) !== undefined && `--key ${faultOfKind(key)}`,
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const from = ruleset === undefined ? { url: url.replace(/\/+$/, ""), key } : { ruleset };
  return { out, check, packages: values.for as Package[], from };
}
