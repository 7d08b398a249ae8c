export { flagsChangedSince, REMEMBERED_MS } from "./changed-since.ts";
export { createEnvironments, type EnvironmentEvent, type Environments } from "./environments.ts";
export { createProjectIndex, type ProjectIndex } from "./project-index.ts";
export { createReader, type EnvironmentReader } from "./read.ts";
export type { IndexedFlag, IndexedProject } from "./read-project.ts";
export { changedSince } from "./recent-changes.ts";
export { type Entry, type EnvironmentState, type Patch, patchSince, type Segments } from "./state.ts";
export { type StoredEnvironment, toStored } from "./stored.ts";
