export { applyChange, type Edit } from "./apply-change.ts";
export { contentHash } from "./canonical.ts";
export { inChunks } from "./chunks.ts";
export { environmentNamed, requireEverywhere, requirePublish, requireReason } from "./environments.ts";
export { foundProject } from "./found-project.ts";
export type { EnvironmentRow, Publication } from "./publication.ts";
export { appendChange, lockProject } from "./record.ts";
export { createTurns } from "./turns.ts";
export { findBreak } from "./verify-chain.ts";
