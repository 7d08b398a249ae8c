import {
  createCore,
  createSettable,
  type FlagValues,
  type GivenContext,
  type Hook,
  refuseOthers,
  type Settable,
} from "@lanyard/sdk-core";
import type { Client } from "./client.ts";
import { faceOf } from "./face.ts";
import { browserPlatform } from "./platform.ts";
import { visitorOf } from "./visitor.ts";

export interface TestClientOptions {
  /** The value that each flag answers everybody with. */
  flags?: FlagValues | undefined;
  /** Whom to decide for until `identify`: without a `targetingKey` the unit `anonymous`. */
  context?: GivenContext | undefined;
  hooks?: readonly Hook[] | undefined;
}

/** A client for tests: no server, storage or other tabs, and flags that the test sets. */
export interface TestClient extends Client, Settable {}

const anonymous = (): string => "anonymous";

/** Makes a client that needs no server and keeps nothing: for the tests of an application. */
export function createTestClient({
  flags = {},
  context: given,
  hooks,
  ...others
}: TestClientOptions = {}): TestClient {
  refuseOthers(others);
  let context = visitorOf(given, anonymous);
  const core = createCore({ platform: browserPlatform, hooks });
  return {
    ...faceOf(core, () => context),
    ...createSettable(core, flags),
    get context() {
      return context;
    },
    identify(next) {
      // Every flag answers everybody alike, so nobody else's answers differ.
      context = visitorOf(next, anonymous);
    },
  };
}
