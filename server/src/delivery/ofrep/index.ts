export { createOfrep } from "./ofrep.ts";
