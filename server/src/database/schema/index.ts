export * from "./access.ts";
export * from "./changes.ts";
export * from "./flags.ts";
export * from "./kills.ts";
export * from "./projects.ts";
export * from "./receipts.ts";
export * from "./usage.ts";
