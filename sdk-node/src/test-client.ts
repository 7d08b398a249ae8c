import type { JsonValue } from "@lanyard/evaluation";
import { type Client, type Hook, LocalClient } from "@lanyard/sdk-core";
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
export function createTestClient(options: TestClientOptions = {}): TestClient {
  return new FixedClient(options);
}

class FixedClient extends LocalClient implements TestClient {
  #revision = 1;
  readonly #flags: Map<string, JsonValue>;

  constructor({ flags = {}, hooks }: TestClientOptions) {
    const values = new Map(Object.entries(flags));
    super({ platform: nodePlatform, bootstrap: rulesetOf(values, 1), hooks, maxBatchBytes: 0 });
    this.#flags = values;
  }

  set(key: string, value: JsonValue): void {
    this.#flags.set(key, value);
    this.#replace();
  }

  unset(key: string): void {
    this.#flags.delete(key);
    this.#replace();
  }

  #replace(): void {
    this.#revision += 1;
    this.store.put(rulesetOf(this.#flags, this.#revision), "bootstrap");
  }
}
