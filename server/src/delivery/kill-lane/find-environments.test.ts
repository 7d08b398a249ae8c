import { afterAll, expect, test } from "vitest";
import { addMember } from "../../testing/index.ts";
import { openKillScene } from "../../testing/kill-scene.ts";
import { waitFor } from "../../testing/wait-for.ts";
import { CATCH_UP_MS } from "./resolve.ts";

const { cable, server, ada, killBody, close } = await openKillScene();
afterAll(close);

test("a stranger hears of a project that is there no sooner than of one that is not", async () => {
  await ada.ok("POST /api/v1/projects", { body: { key: "bank", name: "Bank" } });
  const eve = await addMember(server, ada, "bank", "editor");
  // Whatever looks at the database now waits for as long as it may.
  cable.hang();
  await waitFor("the node to notice", async () => !(await ada.ok("GET /api/v1/kill-page")).databaseUp);
  for (const project of ["shop", "nowhere"]) {
    const asked = performance.now();
    const { status, problem } = await eve.call("POST /api/v1/kills", { body: { ...killBody(), project } });
    expect([status, problem.code]).toEqual([404, "not-found"]);
    // Timers may fire a moment early.
    expect(performance.now() - asked).toBeGreaterThan(CATCH_UP_MS - 20);
  }
  await cable.restore();
});
