export type { Context, Flag, JsonValue, KillElement, Reason, Ruleset } from "@lanyard/evaluation";
export type { Explanation, TraceStep } from "@lanyard/evaluation/explain";
export type {
  ClientEvents,
  ClientState,
  Details,
  DetailsReason,
  FlagKey,
  Flags,
  GivenContext,
  GivenJson,
  Hook,
  KillEvent,
  Source,
  Status,
} from "@lanyard/sdk-core";
export type { Client } from "./client.ts";
export { createClient } from "./create-client.ts";
export type { ClientOptions, Logger } from "./options.ts";
export { createTestClient, type TestClient, type TestClientOptions } from "./test-client.ts";
