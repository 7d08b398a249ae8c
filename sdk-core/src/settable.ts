import type { JsonValue } from "@lanyard/evaluation";
import type { Core } from "./core.ts";
import { fixedRules } from "./fixed-rules.ts";
import type { FlagValues } from "./flag-keys.ts";

/** Flags that a test sets. Listeners of `change` and `status` hear of it as of any change. */
export interface Settable {
  /** From now on the flag answers everybody with this value. */
  set<Key extends keyof FlagValues & string>(key: Key, value: Required<FlagValues>[Key]): void;
  /** From now on there is no such flag, and callers get their defaults. */
  unset(key: keyof FlagValues & string): void;
}

/** Gives a core without a server these flags, each with the value that it answers everybody with. */
export function createSettable({ store, listener }: Core, flags: FlagValues): Settable {
  const values = new Map(Object.entries(flags as Record<string, JsonValue>));
  let revision = 0;

  function replace(): void {
    revision += 1;
    store.put(fixedRules(values, revision), "bootstrap");
    // No server brought it: that there still is none is what makes `status` tell the revision.
    listener.down();
  }

  replace();
  return {
    set(key, value) {
      values.set(key, value as JsonValue);
      replace();
    },
    unset(key) {
      values.delete(key);
      replace();
    },
  };
}

/** For what is left of a test client's options: a flag beside `flags` would be no flag, and nothing would say so. */
export function refuseOthers(others: object): void {
  const [name] = Object.keys(others);
  if (name !== undefined) throw new TypeError(`\`${name}\` is no option; flags are given in \`flags\``);
}
