import type { Ruleset } from "@lanyard/evaluation";

/** The packages whose clients can be typed, and which flags each of them can see. */
export const PACKAGES = {
  node: { name: "@lanyard/sdk-node", sees: () => true },
  browser: { name: "@lanyard/sdk-browser", sees: (audience: string) => audience === "client" },
} as const;

export type Package = keyof typeof PACKAGES;

const HEADER = "// Written by `lanyard types`; do not edit. From ";

/** A declaration file that tells the clients of these packages the flags of a ruleset and their types. */
export function declarationsOf(ruleset: Ruleset, packages: readonly Package[]): string {
  const { environmentId, epoch, revision } = ruleset;
  const modules = packages.map((each) => moduleOf(ruleset, PACKAGES[each]));
  return [`${HEADER}${environmentId}, epoch ${epoch}, revision ${revision}.`, ...modules, ""].join("\n");
}

/** Whether two files declare the same: a revision that changed no key and no type is no difference. */
export function declareTheSame(one: string, other: string): boolean {
  return withoutHeader(one) === withoutHeader(other);
}

function moduleOf({ flags }: Ruleset, { name, sees }: (typeof PACKAGES)[Package]): string {
  const seen = Object.entries(flags).filter(([, { audience }]) => sees(audience));
  const lines = seen
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { type }]) => `    ${JSON.stringify(key)}: ${JSON.stringify(type)};`);
  return `import "${name}";\n\ndeclare module "${name}" {\n  interface Flags {\n${lines.map((line) => `${line}\n`).join("")}  }\n}`;
}

function withoutHeader(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith(HEADER))
    .join("\n");
}
