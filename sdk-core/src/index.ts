export { lossOf } from "./answer.ts";
export type { Client, ClientEvents, ClientLife } from "./client.ts";
export { isRuleset } from "./frames.ts";
export { type ClientOptions, LocalClient } from "./local-client.ts";
export type { Platform } from "./platform.ts";
export { type Details, type DetailsReason, type Hook, typeOf } from "./reads.ts";
export type { SnapshotStorage } from "./snapshot.ts";
export type { ClientState, Status } from "./status.ts";
export type { KillEvent, Source } from "./store.ts";
