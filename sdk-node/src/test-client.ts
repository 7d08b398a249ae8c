import {
  createCore,
  createSettable,
  type FlagValues,
  type Hook,
  refuseOthers,
  type Settable,
} from "@lanyard/sdk-core";
import { type Client, nodeClient } from "./client.ts";
import { nodePlatform } from "./platform.ts";

export interface TestClientOptions {
  /** The value that each flag answers everybody with. */
  flags?: FlagValues;
  hooks?: readonly Hook[];
}

/** A client for tests: no server, and flags that the test sets. */
export interface TestClient extends Client, Settable {}

/** Makes a client that needs no server: for the tests of an application. */
export function createTestClient({ flags = {}, hooks, ...others }: TestClientOptions = {}): TestClient {
  refuseOthers(others);
  const core = createCore({ platform: nodePlatform, hooks });
  return { ...nodeClient(core), ...createSettable(core, flags) };
}
