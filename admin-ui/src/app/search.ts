/** What the URL holds, page by page; anything else in it is dropped. */

type Raw = Record<string, unknown>;

const text = (raw: Raw, name: string): string | undefined => {
  const value = raw[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

function one<const Word extends string>(raw: Raw, name: string, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === raw[name]);
}

/** Without the entries that are undefined, so that they leave the URL. */
function present<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as never;
}

export const flagsSearch = (raw: Raw) =>
  present({
    search: text(raw, "search"),
    tag: text(raw, "tag"),
    purpose: one(raw, "purpose", ["release", "experiment", "operational", "permission"]),
    audience: one(raw, "audience", ["server", "client"]),
    state: one(raw, "state", ["on", "off", "killed"]),
    env: text(raw, "env"),
    archived: raw.archived === true ? (true as const) : undefined,
    sort: one(raw, "sort", ["updated"]),
  });

export const FLAG_TABS = ["targeting", "insights", "instances", "history", "settings"] as const;
export type FlagTab = (typeof FLAG_TABS)[number];

export const flagSearch = (raw: Raw) => present({ env: text(raw, "env"), tab: one(raw, "tab", FLAG_TABS) });

export const killSearch = (raw: Raw) =>
  present({ flags: text(raw, "flags"), tag: text(raw, "tag"), env: text(raw, "env") });

export const activitySearch = (raw: Raw) => present({ env: text(raw, "env") });

export const startSearch = (raw: Raw) => present({ flag: text(raw, "flag") });

export const segmentsSearch = (raw: Raw) => present({ search: text(raw, "search") });

export const keysSearch = (raw: Raw) => present({ env: text(raw, "env") });

export const signInSearch = (raw: Raw) => present({ return: text(raw, "return") });
