export {
  applyChange,
  type Edit,
  type EnvironmentRow,
  type Publication,
} from "./apply-change.ts";
export { canonicalJson, chainHash, contentHash } from "./canonical.ts";
export { inChunks } from "./chunks.ts";
export { environmentNamed, requireEverywhere, requirePublish } from "./environments.ts";
export { foundProject } from "./found-project.ts";
export { appendChange, lockProject } from "./record.ts";
export { findBreak } from "./verify-chain.ts";
