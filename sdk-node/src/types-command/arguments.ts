import { parseArgs } from "node:util";
import { faultOfKind, faultOfUrl } from "../options.ts";
import { PACKAGES, type Package } from "./declarations.ts";

export const USAGE = `usage: lanyard types --out <file> [--check] [--for node] [--for browser]
                     (--url <server> --key <server key> [--save-ruleset <file>] | --ruleset <file>)

Writes the project's flags and their types to a declaration file, which types the keys of every read.
  --out <file>      the file to write, such as flags.d.ts
  --check           write nothing; fail when the file does not say what would be written
  --for <package>   node (the default) or browser, which sees the flags for clients; repeat it for both
  --url, --key      the server to ask; LANYARD_URL and LANYARD_KEY unless given
  --save-ruleset    keep the ruleset that the server answers in this file as well
  --ruleset <file>  a ruleset that was kept, in place of a server: the same types until it is kept anew`;

export interface Arguments {
  out: string;
  check: boolean;
  packages: Package[];
  from: { url: string; key: string; save: string | undefined } | { ruleset: string };
}

/** What a call says about a server, in whose place a kept ruleset stands; the environment may say it all the same. */
const OF_A_SERVER = ["url", "key", "save-ruleset"] as const;

/** Throws with every fault of the call, in words. */
export function readArguments(given: string[], env: NodeJS.ProcessEnv): Arguments | "help" {
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
      "save-ruleset": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return "help";
  const { out = "", check, ruleset, "save-ruleset": save } = values;
  const url = values.url ?? env.LANYARD_URL ?? "";
  const key = values.key ?? env.LANYARD_KEY ?? "";
  const strangers = values.for.filter((name) => !Object.hasOwn(PACKAGES, name));
  const faults = [
    positionals.join(" ") !== "types" && "the command is `types`",
    out === "" && "--out is missing",
    ...strangers.map((name) => `--for ${name}: it is node or browser`),
    ...(ruleset === undefined
      ? faultsOfServer(url, key)
      : OF_A_SERVER.map(
          (name) => values[name] !== undefined && `--${name} is of a server, not of --ruleset`,
        )),
    save !== undefined && check && "--check writes nothing, so --save-ruleset does not go with it",
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const from = ruleset === undefined ? { url: url.replace(/\/+$/, ""), key, save } : { ruleset };
  return { out, check, packages: values.for as Package[], from };
}

function faultsOfServer(url: string, key: string): (string | false)[] {
  const [ofUrl, ofKey] = [faultOfUrl(url), faultOfKind(key)];
  return [
    url === "" ? "--url is missing" : ofUrl !== undefined && `--url ${ofUrl}`,
    key === "" ? "--key is missing" : ofKey !== undefined && `--key ${ofKey}`,
  ];
}
