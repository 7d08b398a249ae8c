import type { JsonValue } from "@lanyard/evaluation";
import { createCore, type FlagValues, type Hook } from "@lanyard/sdk-core";
import { type Client, nodeClient } from "./client.ts";
import { rulesetOf } from "./fixed-rules.ts";
import { nodePlatform } from "./platform.ts";

export interface TestClientOptions {
  /** The value that each flag answers everybody with. */
  flags?: FlagValues;
  hooks?: readonly Hook[];
}

/** A client for tests: no server, and flags that the test sets. Listeners of `change` hear of it as of any change. */
export interface TestClient extends Client {
  /** From now on the flag answers everybody with this value. */
  set<Key extends keyof FlagValues & string>(key: Key, value: Required<FlagValues>[Key]): void;
  /** From now on there is no such flag, and callers get their defaults. */
  unset(key: keyof FlagValues & string): void;
}

/** Makes a client that needs no server: for the tests of an application. */
export function createTestClient({ flags = {}, hooks }: TestClientOptions = {}): TestClient {
  const values = new Map(Object.entries(flags as Record<string, JsonValue>));
  const core = createCore({ platform: nodePlatform, bootstrap: rulesetOf(values, 1), hooks });

  function replace(): void {
    core.store.put(rulesetOf(values, core.life.status().revision + 1), "bootstrap");
  }

  return {
    ...nodeClient(core),
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
