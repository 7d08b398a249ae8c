import { afterAll, expect, test } from "vitest";
import { openKillScene } from "../../testing/kill-scene.ts";
import { openSdkStream } from "../../testing/sdk-stream.ts";
import { waitFor } from "../../testing/wait-for.ts";

const { server, ada, pager, shop, key, kill, close } = await openKillScene();
afterAll(close);

const LOST = "kill_lost0with0its0node";
const unrecorded = async () =>
  (await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } })).unrecorded;
const holding = (...ids: string[]) => openSdkStream(server.origin, key, { kills: ids.join() });

test("a kill that instances hold and no server knows is shown while they are there, and lifted by its flags", async () => {
  const { body: known } = await kill(pager, { flags: ["search"] });
  expect(await unrecorded()).toEqual([]);
  const streams = [await holding(LOST, known.id), await holding(LOST), await holding("drill_x", "what ever")];
  for (const stream of streams) await stream.next("heartbeat");
  expect(await unrecorded()).toEqual([{ id: LOST, environment: "development", instances: 2, browsers: 0 }]);
  await streams[1]?.close();
  await waitFor("the end of a stream", async () => (await unrecorded())[0]?.instances === 1);

  await ada.ok("POST /api/v1/kills/{kill}/break-glass-lift", {
    params: { kill: LOST },
    body: {
      ...{ project: "shop", environments: ["development"], flags: ["checkout"] },
      reason: "its node is gone",
    },
  });
  await streams[0]?.next("lift", ({ data }) => data.elements[0].id === LOST);
  expect(await unrecorded()).toEqual([]);
  for (const stream of streams) await stream.close();
});

test("what browsers say that they hold is told apart, and bounded: their key is public", async () => {
  const { secret } = await shop.key("client");
  const madeUp = Array.from({ length: 200 }, (_, at) => `kill_${at}`).join();
  const pages = [
    await openSdkStream(server.origin, secret, { kills: madeUp }),
    await openSdkStream(server.origin, secret, { kills: madeUp }),
  ];
  const instance = await holding("kill_of_a_server");
  for (const stream of [...pages, instance]) await stream.next("heartbeat");
  const [first, ...rest] = await unrecorded();
  expect(first).toEqual({ id: "kill_of_a_server", environment: "development", instances: 1, browsers: 0 });
  expect(rest).toHaveLength(20);
  for (const { instances, browsers } of rest)
    expect({ instances, browsers }).toEqual({ instances: 0, browsers: 2 });
  for (const stream of [...pages, instance]) await stream.close();
  await waitFor("the end of the streams", async () => (await unrecorded()).length === 0);
});

test("what is not the id of a kill can be neither read nor lifted", async () => {
  const lifting = { project: "shop", environments: ["development"], flags: ["checkout"], reason: "none" };
  for (const id of ["../memory/x", "kill_/x", "drill_x", `kill_${"x".repeat(61)}`]) {
    const params = { kill: id };
    const fault = { in: "path", path: "/kill", message: "is not the id of a kill" };
    for (const { problem } of [
      await ada.call("GET /api/v1/kills/{kill}", { params }),
      await ada.call("POST /api/v1/kills/{kill}/lift", { params, body: {} }),
      await ada.call("POST /api/v1/kills/{kill}/break-glass-lift", { params, body: lifting }),
    ])
      expect(problem).toMatchObject({ status: 400, errors: [fault] });
  }
});
