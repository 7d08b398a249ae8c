import type { NewKill } from "@lanyard/contract";
import type { Caller } from "./caller.ts";
import { waitFor } from "./wait-for.ts";

/** Kills, and waits for PostgreSQL to have it, for which a kill itself waits a moment only. Resolves to its id. */
export async function recordedKill(by: Caller, body: NewKill): Promise<string> {
  const { id } = await by.ok("POST /api/v1/kills", { body });
  await waitFor("the kill on record", async () => {
    const { status } = await by.call("GET /api/v1/kills/{kill}", { params: { kill: id } });
    return status === 200;
  });
  return id;
}
