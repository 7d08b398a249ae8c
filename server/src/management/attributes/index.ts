export { publishAttribute } from "./publish.ts";
export { attributeRoutes } from "./routes.ts";
