import type { Flag, JsonValue, KillElement } from "@lanyard/evaluation";

let edition = 0;

/** A boolean flag that is on for everybody unless changed. Every call gives other content, hence another hash. */
export function booleanFlag(changes: Partial<Flag> = {}): Flag {
  edition += 1;
  return {
    type: "boolean",
    hash: `h${edition}`,
    on: true,
    seed: "seed",
    variations: [
      { id: "on", value: true },
      { id: "off", value: false },
    ],
    off: "off",
    audience: "client",
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variation: "on" },
    ...changes,
  };
}

/** A flag that must not outlive contact for longer than that. */
export function permissionFlag(afterSeconds: number): Flag {
  // biome-ignore lint/suspicious/noThenProperty: the name is part of the wire contract.
  return booleanFlag({ stale: { afterSeconds, then: "off" } });
}

/** A flag of any type that serves one value to everybody. */
export function valueFlag(type: Flag["type"], value: JsonValue, off: JsonValue = null): Flag {
  const variations = [
    { id: "on", value },
    { id: "off", value: off },
  ];
  return booleanFlag({ type, variations });
}

export const killOf = (flag: string, id = `kill_${flag}`): KillElement => ({
  id,
  flag,
  at: "2026-11-22T03:00:00.000Z",
});
