import { randomBytes } from "node:crypto";
import type { RouteResponse } from "@lanyard/contract";
import { desc, eq } from "drizzle-orm";
import { changes } from "../database/schema/index.ts";
import { type Caller, createCaller } from "./caller.ts";
import { testDatabase } from "./database.ts";
import { setUp } from "./people.ts";
import { plugInto } from "./plug.ts";
import { openSdkStream, type SdkStream } from "./sdk-stream.ts";
import { testServer } from "./server.ts";
import { shopOf } from "./shop.ts";
import { waitFor } from "./wait-for.ts";

/** A server whose database can be pulled out, a shop with three flags, and whoever kills them. */
export async function openKillScene() {
  const database = await testDatabase();
  const cable = await plugInto(database.url);
  const server = await testServer({ databaseUrl: cable.url, secret: randomBytes(32).toString("hex") });
  const ada = await setUp(server);
  const shop = shopOf(ada);
  await shop.flag("checkout", { tags: ["payments"] });
  await shop.flag("invoices", { tags: ["payments"] });
  await shop.flag("search");
  await waitFor("the tags to be known", async () => {
    const known = await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
    return known.tags.includes("payments");
  });
  const key = (await shop.key("server")).secret;
  const { secret } = await shop.key("kill");
  const lifting = await ada.ok("POST /api/v1/projects/{project}/keys", {
    params: { project: "shop" },
    body: {
      kind: "kill",
      name: "alerts",
      environments: ["development"],
      liftsOnResolve: true,
      expiresAt: null,
    },
  });
  const killBody = (more: object = { flags: ["checkout"] }) => ({
    project: "shop",
    environments: ["development"],
    reason: "it burns",
    ...more,
  });
  const kill = (by: Caller, more?: object) => by.call("POST /api/v1/kills", { body: killBody(more) });
  return {
    database,
    cable,
    server,
    ada,
    shop,
    key,
    /** Holds a kill token. */
    pager: createCaller(server.origin, { authorization: `Bearer ${secret}` }),
    killBody,
    kill,
    /** The same, said again until PostgreSQL has answered within the time that a kill waits for it. */
    killOnRecord: (by: Caller, more?: object) =>
      waitFor("PostgreSQL to have the kill", async () => {
        const answer = await kill(by, more);
        return answer.status === 200 && answer;
      }),
    /** Tells a trigger URL, whose token lifts on resolve, of an alert that names `flag`. */
    alert: async (flag: string, body: object) => {
      const path = `/hooks/kill/${lifting.secret}?project=shop&environment=development&flag=${flag}`;
      const answer = await fetch(server.origin + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as RouteResponse<"POST /hooks/kill/{token}">;
    },
    lift: (id: string) => ada.ok("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} }),
    /** Newest first. */
    recordOf: (id: string) =>
      server.services.database.read
        .select({ action: changes.action, actorKind: changes.actorKind, actorName: changes.actorName })
        .from(changes)
        .where(eq(changes.subjectKey, id))
        .orderBy(desc(changes.sequence)),
    /** A stream that has been told everything. */
    async sdk() {
      const stream = await openSdkStream(server.origin, key);
      await stream.next("heartbeat");
      return stream;
    },
    heardKill: (stream: SdkStream, id: string) =>
      stream.next("kill", ({ data }) => data.elements.some((element: { id: string }) => element.id === id)),
    async close() {
      await server.close();
      await cable.close();
      await database.drop();
    },
  };
}
