export { type Answer, type Caller, createCaller } from "./caller.ts";
export { type TestDatabase, testDatabase } from "./database.ts";
export { addMember, cookieOf, cookiesOf, PASSWORD, setUp } from "./people.ts";
export { type TestServer, type TestServerOptions, testServer } from "./server.ts";
