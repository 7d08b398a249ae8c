export type { Context, JsonValue, KillElement, Reason, Ruleset } from "@lanyard/evaluation";
export type {
  ClientEvents,
  ClientLife,
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
export { type ClientOptions, createClient } from "./create-client.ts";
