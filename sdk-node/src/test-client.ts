import type { JsonValue } from "@lanyard/evaluation";
import { createCore, type Hook } from "@lanyard/sdk-core";
import { type Client, nodeClient } from "./client.ts";
import { rulesetOf } from "./fixed-rules.ts";
import { nodePlatform } from "./platform.ts";

export interface TestClientOptions {
  /** The value that each flag answers everybody with. */
  flags?: Record<string, JsonValue>;
  hooks?: readonly Hook[];
}

/** A client for tests: no server, and flags that the test sets. Listeners of `change` hear of it as of any change. */
export interface TestClient extends Client {
  /** From now on the flag answers everybody with this value. */
  set(key: string, value: JsonValue): void;
  /** From now on there is no such flag, and callers get their defaults. */
  unset(key: string): void;
}

/** Makes a client that needs no server: for the tests of an application. */
export function createTestClient({ flags = {}, hooks }: TestClientOptions = {}): TestClient {
  const values = new Map(Object.entries(flags));
  const core = createCore({ platform: nodePlatform, bootstrap: rulesetOf(values, 1), hooks });

  function replace(): void {
    core.store.put(rulesetOf(values, core.life.status().revision + 1), "bootstrap");
  }

  return {
    ...nodeClient(core),
    set(key, value) {
      values.set(key, value);
      replace();
    },
    unset(key) {
      values.delete(key);
      replace();
    },
  };
}
