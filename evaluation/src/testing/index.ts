export * from "./arbitraries.ts";
export * from "./build.ts";
export * from "./reference.ts";
export { runs } from "./runs.ts";
