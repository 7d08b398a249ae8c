export * from "./problem.ts";
export type { Access, Permission, RouteSpec } from "./route.ts";
export type { Account } from "./routes/accounts.ts";
export type { UsageBatch } from "./routes/delivery.ts";
export type {
  ActiveKill,
  FlagDetail,
  FlagListItem,
  FlagState,
  FlagUsage,
  SavedFlag,
} from "./routes/flags.ts";
export type { Change, ChangeAction, UiEvent } from "./routes/history.ts";
export { type ApiKey, NewKey, SIGNED_CONTEXT_SECONDS_MAX } from "./routes/keys.ts";
export type { KillPage, KnownKill, ProjectKillPage } from "./routes/kill-page.ts";
export {
  type AcceptedKill,
  type AcceptedLift,
  type Kill,
  KillId,
  type NewBreakGlassLift,
  type NewKill,
} from "./routes/kills.ts";
export type { Metric } from "./routes/metrics.ts";
export type { OfrepEvaluation, OfrepEvaluations } from "./routes/ofrep.ts";
export type { Attribute, Environment, Member, Project, SavedAttribute } from "./routes/projects.ts";
export type { Drill, Instance, KillReceipts, SdkReceipt } from "./routes/receipts.ts";
export type { SavedSegment, Segment as ManagedSegment } from "./routes/segments.ts";
export * from "./routes.ts";
export { Flag, LIMITS, Ruleset, Segment, SegmentContent, Targeting } from "./ruleset.ts";
export type { Warning } from "./warning.ts";
export type { ActorSummary, Role } from "./words.ts";
