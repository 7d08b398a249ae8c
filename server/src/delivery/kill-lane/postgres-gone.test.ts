import { afterAll, describe, expect, test } from "vitest";
import { DatabaseAway } from "../../database/away.ts";
import type { Caller } from "../../testing/index.ts";
import { openKillScene } from "../../testing/kill-scene.ts";
import { metricOf } from "../../testing/metric.ts";
import { openSdkStream } from "../../testing/sdk-stream.ts";
import { waitFor } from "../../testing/wait-for.ts";

const scene = await openKillScene();
const { cable, server, ada, key, pager, kill, killOnRecord, lift, alert, recordOf, sdk, heardKill } = scene;
afterAll(scene.close);

/** No query is given up sooner: whoever waits for PostgreSQL waits that long. */
const QUERY_MS = 5_000;

describe.each(["pull", "hang"] as const)("with PostgreSQL gone (%s)", (how) => {
  test("kills by token and by person are accepted, applied, and drained exactly once", async () => {
    const stream = await sdk();
    await cable[how]();
    const begun = performance.now();
    const byToken = await kill(pager, { flags: ["checkout"] });
    const byPerson = await kill(ada, { flags: ["search"] });
    const tookMs = performance.now() - begun;
    for (const { status, body } of [byToken, byPerson]) {
      expect(status).toBe(202);
      expect(body).toMatchObject({ durable: ["journal"], pending: ["postgres"], connected: 1 });
      await heardKill(stream, body.id);
    }
    expect(tookMs).toBeLessThan(QUERY_MS);
    const late = await sdk();
    expect((await late.next("kill")).data.elements).toHaveLength(2);
    await late.close();
    await waitFor("the node to notice", async () => (await ada.call("GET /api/v1/projects")).status === 503);
    await waitFor("whoever reads to hear so", () =>
      recordOf(byToken.body.id).then(
        () => false,
        ({ cause }: Error) => cause instanceof DatabaseAway,
      ),
    );
    const asked = performance.now();
    const away = await ada.call("GET /api/v1/projects/{project}/flags", { params: { project: "shop" } });
    expect(away.problem).toMatchObject({ status: 503, code: "unavailable" });
    expect(performance.now() - asked).toBeLessThan(QUERY_MS);
    const retry = await kill(pager, { flags: ["checkout"] });
    expect(retry.body.id).toBe(byToken.body.id);

    const drained = await metricOf(server.origin, "lanyard_kills_drained_total");
    await cable.restore();
    for (const { body } of [byToken, byPerson]) {
      const ask = () => ada.call("GET /api/v1/kills/{kill}", { params: { kill: body.id } });
      const seen = await waitFor("the drain", async () => {
        // Each who asks has it drained.
        const [answer] = await Promise.all([ask(), ask(), ask()]);
        return answer.status === 200 && answer.body;
      });
      expect(seen).toMatchObject({ active: true });
      expect(await recordOf(body.id)).toMatchObject([{ action: "kill.accepted" }]);
    }
    // Both, and the retry, which was accepted too: each once.
    const more = async () => (await metricOf(server.origin, "lanyard_kills_drained_total")) - drained;
    await waitFor("the retry to be drained", async () => (await more()) >= 3);
    expect(await more()).toBe(3);
    await lift(byToken.body.id);
    await lift(byPerson.body.id);
    await stream.next("lift", ({ data }) => data.elements[0].id === byPerson.body.id);
    const stillOn = await openSdkStream(server.origin, key);
    await stillOn.next("heartbeat");
    expect(stillOn.frames.map(({ event }) => event)).toEqual(["put", "heartbeat"]);
    await stillOn.close();
    await stream.close();
  });

  test("an alert kills, and ends its kill when it is resolved, on the record once each", async () => {
    const stream = await sdk();
    await cable[how]();
    const episode = `while gone, ${how}`;
    const { kill: killed } = await alert("invoices", { episode });
    expect(killed).toMatchObject({ durable: ["journal"], pending: ["postgres"] });
    const id = killed?.id ?? "";
    await heardKill(stream, id);
    expect(await alert("invoices", { episode, status: "resolved" })).toEqual({
      outcome: "lifted",
      kill: null,
    });
    await stream.next("lift", ({ data }) => data.elements[0].id === id);
    expect(await alert("invoices", { episode })).toEqual({ outcome: "ignored", kill: null });

    await cable.restore();
    const actions = await waitFor("the record", async () => {
      const lines = await recordOf(id).catch(() => []);
      return lines.length >= 2 && lines.map(({ action }) => action).sort();
    });
    expect(actions).toEqual(["kill.accepted", "kill.lifted-on-resolve"]);
    await stream.close();
  });

  test("an owner lifts as break-glass: at once, only a person, and on the record once", async () => {
    const stream = await sdk();
    const { body } = await killOnRecord(pager, { flags: ["checkout", "search"] });
    await heardKill(stream, body.id);
    await cable[how]();
    const breakGlass = (by: Caller, more: object = {}) =>
      by.call("POST /api/v1/kills/{kill}/break-glass-lift", {
        params: { kill: body.id },
        body: { project: "shop", environments: ["development"], reason: "customers are locked out", ...more },
      });
    expect((await breakGlass(pager)).status).toBe(403);
    const part = await breakGlass(ada, { flags: ["search"] });
    expect(part.status).toBe(202);
    expect(part.body).toEqual({
      lifted: [{ environment: "development", flag: "search" }],
      stillKilledBy: [],
      durable: ["journal"],
      pending: ["postgres"],
      reach: "this node",
    });
    expect((await stream.next("lift")).data.elements).toEqual([{ id: body.id, flag: "search" }]);
    const again = await kill(pager, { flags: ["checkout", "search"] });
    expect(again.body.id).not.toBe(body.id);

    await cable.restore();
    await waitFor("the drain", async () => {
      const { items } = await ada
        .ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } })
        .catch(() => ({ items: [] }));
      return items.some(({ id }) => id === again.body.id);
    });
    const lifted = await waitFor("the lift", async () => {
      const answer = await ada.call("GET /api/v1/kills/{kill}", { params: { kill: body.id } });
      const reason = "customers are locked out";
      return answer.status === 200 && answer.body.elements.find(({ lift }) => lift?.reason === reason);
    });
    expect(lifted.flag).toBe("search");
    expect((await recordOf(body.id)).map(({ action }) => action)).toEqual([
      "kill.lifted-as-break-glass",
      "kill.accepted",
    ]);
    expect((await recordOf(again.body.id)).map(({ action }) => action)).toEqual(["kill.accepted"]);
    await lift(again.body.id);
    const stillOn = await sdk();
    expect(stillOn.frames.map(({ event }) => event)).toEqual(["put", "heartbeat"]);
    await Promise.all([stillOn.close(), stream.close()]);
  });
});
