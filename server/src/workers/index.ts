export type { Started } from "./message.ts";
export { runWorkers } from "./primary.ts";
export { joinWorkers, type Worker } from "./worker.ts";
