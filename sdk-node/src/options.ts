import type { Ruleset } from "@lanyard/evaluation";
import { type Hook, isRuleset } from "@lanyard/sdk-core";

export interface ClientOptions {
  /** Where the Lanyard server is, such as `https://flags.example.com`. May be left out with `bootstrap`. */
  url?: string | undefined;
  /** A server key of the environment to follow. Goes with `url`. */
  key?: string | undefined;
  /** Names the application where people see its instances, with the host that it runs on. */
  app?: string | undefined;
  /** Rules to start from. Without `url` they are all there is, and nothing is fetched or sent. */
  bootstrap?: Ruleset | undefined;
  /**
   * `stream`, the default, follows the server. `snapshot` is for functions that live for moments: no stream, no timers;
   * `ready` asks the server and `flush` sends usage.
   */
  mode?: "stream" | "snapshot" | undefined;
  /** A JSON file to follow in place of a server: a ruleset, or an object with a value for each flag. */
  file?: string | undefined;
  /** A file that keeps the last good rules for a start while the server is away. None unless given. */
  snapshotFile?: string | undefined;
  /** A folder for that file, named after the key. Give one of the two. */
  dataDir?: string | undefined;
  hooks?: readonly Hook[] | undefined;
  /** Told of each failure in words: once, and after contact again ten minutes later at the earliest. The console unless given. */
  logger?: Logger | undefined;
}

export interface Logger {
  warn(message: string): void;
}

type Check = (value: unknown) => string | undefined;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const text: Check = (value) => (isText(value) ? undefined : "must be a non-empty string");
const has = (value: unknown, ...methods: string[]): boolean =>
  typeof value === "object" &&
  value !== null &&
  methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function");

const CHECKS: { readonly [Name in keyof ClientOptions]-?: Check } = {
  url: faultOfUrl,
  key: (value) => (isText(value) && /^[\x21-\x7e]+$/.test(value) ? faultOfKind(value) : "must be an SDK key"),
  app: (value) =>
    isText(value) && value.length <= 100 ? undefined : "must be a text of 1 to 100 characters",
  bootstrap: (value) => (isRuleset(value) ? undefined : "must be a ruleset of format 1"),
  mode: (value) =>
    value === "stream" || value === "snapshot" ? undefined : 'must be "stream" or "snapshot"',
  file: text,
  snapshotFile: text,
  dataDir: text,
  hooks: (value) =>
    Array.isArray(value) && value.every((hook) => has(hook, "before") || has(hook, "after"))
      ? undefined
      : "must be a list of hooks, each with `before` or `after`",
  logger: (value) => (has(value, "warn") ? undefined : "must have a method `warn`"),
};

/** What a client key is told where a server key belongs: it would work, and leave most flags out. */
export function faultOfKind(key: string): string | undefined {
  return key.startsWith("lyd_cli_") ? "is a client key, which is for browsers; take a server key" : undefined;
}

/** What a client that follows a file has no use for. */
const NOT_WITH_FILE = ["mode", "snapshotFile", "dataDir"] as const;

/** Throws a `TypeError` that names every fault, since a wrong option never becomes right by waiting. */
export function checkOptions(options: ClientOptions): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError("createClient takes an object of options");
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const faults = given.map(([name, value]) => {
    if (!Object.hasOwn(CHECKS, name)) return `\`${name}\` is not an option`;
    const fault = CHECKS[name as keyof ClientOptions](value);
    return fault && `\`${name}\` ${fault}`;
  });
  if (options.url !== undefined && options.key === undefined) faults.push("`key` is missing");
  if (options.key !== undefined && options.url === undefined) faults.push("`url` is missing");
  const { url, key, bootstrap, file } = options;
  if (!url && !key && !bootstrap && !file) {
    faults.push("`url` and `key`, or `bootstrap`, or `file` must be given");
  }
  if (file && (url || bootstrap)) faults.push("`file` stands in place of `url` and `bootstrap`");
  if (file)
    faults.push(
      ...NOT_WITH_FILE.filter((name) => options[name]).map(
        (name) => `\`${name}\` needs a server, which \`file\` stands in place of`,
      ),
    );
  if (options.snapshotFile && options.dataDir) faults.push("`snapshotFile` and `dataDir` exclude each other");
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) throw new TypeError(`createClient: ${found.join("; ")}`);
}

/** What is wrong with a server's address, in words. */
export function faultOfUrl(value: unknown): string | undefined {
  const url = isText(value) && URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return "must be an http or https URL";
  if (url.username || url.password) return "must not carry credentials; they belong in `key`";
  return url.search || url.hash ? "must not carry a query or a fragment" : undefined;
}
