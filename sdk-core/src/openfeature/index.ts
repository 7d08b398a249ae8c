export { type Adapter, createAdapter, type PatienceOptions, type StartFailure } from "./adapter.ts";
export { contextOf } from "./context.ts";
export type { News } from "./news.ts";
export type { Resolution } from "./resolution.ts";
