import { setTimeout as sleep } from "node:timers/promises";
import { type RouteName, routes } from "@lanyard/contract";
import { eq } from "drizzle-orm";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { killElements, liftElements } from "../../database/schema/index.ts";
import { addMember, createCaller } from "../../testing/index.ts";
import { openKillScene } from "../../testing/kill-scene.ts";
import { waitFor } from "../../testing/wait-for.ts";

const scene = await openKillScene();
const { database, server, ada, shop, key, pager, kill, killOnRecord, lift, recordOf, sdk, heardKill } = scene;
afterAll(scene.close);

const planned = (plan: string) => ({
  unit: "targetingKey",
  included: [],
  excluded: [],
  when: { attribute: "plan", operator: "in", values: [plan] },
});

describe("a kill", () => {
  test("by flag is durable, on the record once, and seen by streams", async () => {
    const stream = await sdk();
    const { body } = await killOnRecord(pager, { flags: ["checkout", "no-such-flag"] });
    expect(body).toMatchObject({
      flags: ["checkout"],
      environments: ["development"],
      unknownFlags: ["no-such-flag"],
      durable: expect.arrayContaining(["postgres"]),
      pending: [],
      connected: 1,
    });
    await heardKill(stream, body.id);
    expect(await recordOf(body.id)).toMatchObject([
      { action: "kill.accepted", actorKind: "kill-token", actorName: "pager" },
    ]);
    await lift(body.id);
    expect((await stream.next("lift")).data.elements).toEqual([{ id: body.id, flag: "checkout" }]);
    expect((await recordOf(body.id)).map(({ action }) => action)).toEqual(["kill.lifted", "kill.accepted"]);
    await stream.close();
  });

  test("can be lifted at once, though PostgreSQL is slow to take it", async () => {
    const slow = new pg.Client({ connectionString: database.url });
    await slow.connect();
    await slow.query("begin");
    await slow.query("select 1 from projects for update");
    const { status, body } = await kill(pager);
    expect(status).toBe(202);
    const lifting = lift(body.id);
    await Promise.race([lifting, sleep(100)]);
    await slow.query("commit");
    expect((await lifting).kill).toMatchObject({ id: body.id, active: false });
    expect((await recordOf(body.id)).map(({ action }) => action)).toEqual(["kill.lifted", "kill.accepted"]);
    await slow.end();
  });

  test("by tag covers the flags that have it now", async () => {
    const { body } = await kill(ada, { tag: "payments" });
    expect(body.flags).toEqual(["checkout", "invoices"]);
    await lift(body.id);
    await shop.flag("refunds", { tags: ["payments"] });
    const again = await waitFor("the new flag to be known", async () => {
      const answer = await kill(ada, { tag: "payments" });
      if (answer.body.flags.includes("refunds")) return answer;
      await lift(answer.body.id);
    });
    expect(again.body.flags).toEqual(["checkout", "invoices", "refunds"]);
    expect(again.body.id).not.toBe(body.id);
    await lift(again.body.id);
  });

  test("by owner covers what the team owns", async () => {
    await shop.flag("ledger", { owner: "team-money" });
    const { body } = await waitFor("the new flag to be known", async () => {
      const answer = await kill(ada, { owner: "team-money" });
      return answer.status < 300 && answer;
    });
    expect(body).toMatchObject({ flags: ["ledger"], unknownFlags: [] });
    await lift(body.id);
  });

  test("by the time of their change covers flags that were changed, and users of segments that were", async () => {
    await shop.flag("banner");
    await ada.ok("POST /api/v1/projects/{project}/segments", {
      params: { project: "shop" },
      body: { key: "beta", name: "Beta", content: planned("beta") },
    });
    await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
      params: { project: "shop", flag: "search", environment: "development" },
      body: {
        rules: [{ id: "r1", when: { segment: "beta" }, serve: { variation: "on" } }],
        message: "for some",
      },
    });
    const since = new Date().toISOString();
    await shop.turn("checkout", true);
    const own = await kill(ada, { changedSince: since });
    expect(own.body.flags).toEqual(["checkout"]);
    await lift(own.body.id);
    await ada.ok("PATCH /api/v1/projects/{project}/segments/{segment}", {
      params: { project: "shop", segment: "beta" },
      body: { content: planned("alpha"), message: "others" },
    });
    const through = await kill(ada, { changedSince: since });
    expect(through.body.flags).toEqual(["checkout", "search"]);
    await lift(through.body.id);
  });

  test("repeated is the same kill, and after its lift another", async () => {
    const first = await killOnRecord(pager, { flags: ["search"], idempotencyKey: "runbook-7" });
    const retry = await kill(pager, { flags: ["search"], idempotencyKey: "runbook-7" });
    const pressedTwice = await kill(ada, { flags: ["search"] });
    expect(retry.body.id).toBe(first.body.id);
    expect((await kill(ada, { flags: ["search"] })).body.id).toBe(pressedTwice.body.id);
    expect(pressedTwice.body.id).not.toBe(first.body.id);
    expect(await recordOf(first.body.id)).toHaveLength(1);
    const { stillKilledBy } = await lift(first.body.id);
    expect(stillKilledBy).toEqual([
      { environment: "development", flag: "search", kills: [pressedTwice.body.id] },
    ]);
    const nextWeek = await kill(pager, { flags: ["search"], idempotencyKey: "runbook-7" });
    expect(nextWeek.body.id).not.toBe(first.body.id);
    await lift(nextWeek.body.id);
    await lift(pressedTwice.body.id);
  });

  test("of the same by the same is one, by whatever key and however it is spelled, and lasts for the longest", async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const asked = [
      { flags: ["search", "checkout"], idempotencyKey: "page-1", expiresAt: inAnHour },
      { flags: ["checkout", "search"], idempotencyKey: "page-2" },
      { flags: ["search", "checkout"], expiresAt: inAnHour },
      { flags: ["checkout", "search", "checkout"], environments: ["development", "development"] },
    ];
    const ids = [];
    for (const each of asked) ids.push((await killOnRecord(pager, each)).body.id);
    const [id = ""] = ids;
    expect(new Set(ids)).toEqual(new Set([id]));
    const seen = await ada.ok("GET /api/v1/kills/{kill}", { params: { kill: id } });
    expect(seen).toMatchObject({ active: true, expiresAt: null });
    const shorter = await killOnRecord(pager, { flags: ["search", "checkout"], expiresAt: inAnHour });
    expect(shorter.body).toMatchObject({ id, expiresAt: null });
    const { body: wider } = await kill(pager, { flags: ["search", "checkout", "invoices"] });
    expect(wider.id).not.toBe(id);
    await lift(wider.id);
    expect((await lift(id)).stillKilledBy).toEqual([]);
  });

  test("holds, though a lift that was not heard of here is later by another clock", async () => {
    const first = await killOnRecord(pager, { flags: ["invoices"] });
    const [element] = await server.services.database.read
      .select()
      .from(killElements)
      .where(eq(killElements.killId, first.body.id));
    const { killId, environmentId, flagKey } = element ?? { killId: "", environmentId: "", flagKey: "" };
    const at = new Date(Date.now() + 60_000);
    const by = { actorKind: "user", actorId: "usr_ahead", actorName: "Ahead", reason: "well again" };
    // Nothing is announced, and no counter moved.
    await server.services.database.unrecorded((tx) =>
      tx.insert(liftElements).values({ killId, environmentId, flagKey, at, ...by }),
    );
    const again = await killOnRecord(pager, { flags: ["invoices"] });
    expect(again.body.id).not.toBe(first.body.id);
    const { items } = await ada.ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } });
    expect(items.map(({ id }) => id)).toEqual([again.body.id]);
    expect((await recordOf(again.body.id)).map(({ action }) => action)).toEqual(["kill.accepted"]);
    await lift(again.body.id);
  });

  test("by the time of a change is told from another by its key, since a retry says the time anew", async () => {
    await shop.turn("checkout", true);
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const first = await killOnRecord(pager, { changedSince: ago(59), idempotencyKey: "recent" });
    const retry = await kill(pager, { changedSince: ago(58), idempotencyKey: "recent" });
    expect(retry.body.id).toBe(first.body.id);
    await lift(first.body.id);
  });

  test("lifted in part keeps the rest down", async () => {
    const { body } = await kill(ada, { flags: ["checkout", "invoices"] });
    const { kill: seen } = await ada.ok("POST /api/v1/kills/{kill}/lift", {
      params: { kill: body.id },
      body: { flags: ["invoices"], reason: "only checkout burns" },
    });
    expect(seen.active).toBe(true);
    expect(seen.elements.map(({ flag, lift }) => [flag, lift?.reason])).toEqual([
      ["checkout", undefined],
      ["invoices", "only checkout burns"],
    ]);
    await lift(body.id);
    const listed = async (active: "true" | "false") =>
      (await ada.ok("GET /api/v1/kills", { query: { project: "shop", active } })).items.map(({ id }) => id);
    expect(await listed("true")).toEqual([]);
    expect(await listed("false")).toContain(body.id);
  });

  test("ends by itself when it said so, never sooner for being repeated", async () => {
    const stream = await sdk();
    const soon = new Date(Date.now() + 5_000).toISOString();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const lasting = await kill(ada, { flags: ["search"], expiresAt: later });
    await kill(ada, { flags: ["search"], expiresAt: soon });
    const brief = await kill(pager, { flags: ["invoices"], expiresAt: soon });
    const lifted = await stream.next("lift");
    expect(lifted.data.elements).toEqual([{ id: brief.body.id, flag: "invoices" }]);
    const seen = await ada.ok("GET /api/v1/kills/{kill}", { params: { kill: lasting.body.id } });
    expect(seen).toMatchObject({ active: true, expiresAt: later });
    expect((await recordOf(brief.body.id)).map(({ action }) => action)).toEqual([
      "kill.expired",
      "kill.accepted",
    ]);
    await lift(lasting.body.id);
    await stream.close();
  });
});

describe("bad input is refused with each fault, and kills nothing", () => {
  test.each([
    [{ flags: ["no-such-flag", "nor-this"] }, "/flags", "no such flag: no-such-flag, nor-this"],
    [{ owner: "nobody" }, "/owner", "no flag is owned by nobody"],
    [{ tag: "nobody-has-it" }, "/tag", "no flag has the tag nobody-has-it"],
    [{ environments: ["nowhere"], flags: ["checkout"] }, "/environments/0", "there is no such environment"],
    [{ flags: ["checkout"], expiresAt: "2020-01-01T00:00:00Z" }, "/expiresAt", "is in the past"],
    [{ changedSince: "2020-01-01T00:00:00Z" }, "/changedSince", "is more than a day ago"],
    [
      { flags: ["checkout"], tag: "payments" },
      "/flags",
      "give exactly one selector: flags, tag, owner or changedSince",
    ],
    [{ flags: ["checkout"], reason: " " }, "/reason", "say why: the record and the page show it"],
  ])("%j", async (more, path, message) => {
    const { status, problem } = await kill(ada, more);
    expect(status).toBe(400);
    expect(problem.errors).toContainEqual({ in: "body", path, message });
    const { items } = await ada.ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } });
    expect(items).toEqual([]);
  });
});

describe("a trigger URL", () => {
  const alert = (fingerprint: string, status = "firing") => ({
    status,
    commonAnnotations: { summary: "payment errors above 2 %" },
    alerts: [{ status, fingerprint, startsAt: "2026-11-22T03:00:00Z" }],
  });
  const trigger = async (body: object, query = "project=shop&environment=development&flag=search") => {
    const token = pager.headers.authorization?.replace("Bearer ", "");
    const response = await fetch(`${server.origin}/hooks/kill/${token}?${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as {
      outcome: string;
      kill: { id: string; flags: string[] } | null;
    };
    return { status: response.status, body: answer };
  };

  test("kills once an episode: a repetition changes nothing, not even after the lift; the next episode kills", async () => {
    const first = await waitFor("PostgreSQL to have the kill", async () => {
      const answer = await trigger(alert("a"));
      return answer.status === 200 && answer;
    });
    expect(first).toMatchObject({ body: { outcome: "killed", kill: { flags: ["search"] } } });
    const id = first.body.kill?.id ?? "";
    expect(await trigger(alert("a"))).toMatchObject({ body: { outcome: "killed", kill: { id } } });
    const seen = await ada.ok("GET /api/v1/kills/{kill}", { params: { kill: id } });
    expect(seen).toMatchObject({ reason: "payment errors above 2 %", by: { kind: "kill-token" } });
    await lift(id);
    expect((await trigger(alert("a"))).body).toEqual({ outcome: "ignored", kill: null });
    expect((await trigger(alert("a", "resolved"))).body).toEqual({ outcome: "ignored", kill: null });
    const next = await trigger(alert("b"));
    expect(next.body.outcome).toBe("killed");
    await lift(next.body.kill?.id ?? "");
  });

  test("repeated by an episode covers what it covered when that began, whatever has the tag by now", async () => {
    const known = (tag: string) =>
      waitFor("the tag to be known", async () => {
        const page = await ada.ok("GET /api/v1/kill-page/{project}", { params: { project: "shop" } });
        return page.tags.includes(tag);
      });
    await shop.flag("letters", { tags: ["mail"] });
    await known("mail");
    const byTag = "project=shop&environment=development&tag=mail";
    const first = await trigger(alert("of a tag"), byTag);
    const id = first.body.kill?.id ?? "";
    expect(first.body.kill?.flags).toEqual(["letters"]);
    await shop.flag("parcels", { tags: ["mail", "late"] });
    await known("late");
    expect((await trigger(alert("of a tag"), byTag)).body.kill).toMatchObject({ id, flags: ["letters"] });
    const next = await trigger(alert("another of the tag"), byTag);
    expect(next.body.kill?.flags).toEqual(["letters", "parcels"]);
    await lift(next.body.kill?.id ?? "");
    await lift(id);
    await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}", {
      params: { project: "shop", flag: "letters" },
      body: { tags: [] },
    });
    expect((await trigger(alert("of a tag"), byTag)).body).toEqual({ outcome: "ignored", kill: null });
  });

  test("is bound to its token's environments, and names each fault of its URL", async () => {
    const elsewhere = await trigger(alert("a"), "project=shop&environment=production&flag=search");
    expect(elsewhere).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const faulty = await trigger(alert("a"), "project=shop&environment=development");
    expect(faulty).toMatchObject({
      status: 400,
      body: {
        errors: [{ in: "query", path: "/flag", message: "give exactly one selector: flag, tag or owner" }],
      },
    });
    const wrong = await fetch(
      `${server.origin}/hooks/kill/lyd_kill_nope?project=shop&environment=development&flag=search`,
      { method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
    );
    expect(wrong.status).toBe(401);
  });
});

describe("a kill token", () => {
  test("kills in its environments only, and can do nothing else", async () => {
    const elsewhere = await kill(pager, { environments: ["production"], flags: ["checkout"] });
    expect(elsewhere.status).toBe(403);
    const foreign = await kill(pager, { project: "other", flags: ["checkout"] });
    expect(foreign.status).toBe(404);
    const { body } = await killOnRecord(ada, { flags: ["search"] });
    expect((await pager.call("GET /api/v1/kills/{kill}", { params: { kill: body.id } })).status).toBe(404);
    const own = await killOnRecord(pager, { flags: ["search"] });
    await pager.ok("GET /api/v1/kills/{kill}", { params: { kill: own.body.id } });
    const { items } = await pager.ok("GET /api/v1/kills", { query: { project: "shop", active: "true" } });
    expect(items.map(({ id }) => id)).toEqual([own.body.id]);
    const lifting = await pager.call("POST /api/v1/kills/{kill}/lift", {
      params: { kill: own.body.id },
      body: {},
    });
    expect(lifting.status).toBe(403);
    await lift(own.body.id);
    await lift(body.id);
  });

  const otherRoutes = (Object.keys(routes) as RouteName[])
    .filter((name) => routes[name].access !== "public" && !name.includes("/kills"))
    .map((name) => [name]);
  test.each(otherRoutes)("is refused at %s", async (name) => {
    const [method, path] = name.split(" ") as [string, string];
    const filled = path.replace("{project}", "shop").replaceAll(/\{\w+\}/g, "checkout");
    const response = await fetch(server.origin + filled, {
      method,
      headers: { ...pager.headers, "content-type": "application/json" },
      ...(method !== "GET" && { body: "{}" }),
    });
    expect([403, 404]).toContain(response.status);
  });

  test("in a loop is held back, but never from a flag that nothing holds down", async () => {
    const { secret } = await shop.key("kill");
    const looping = createCaller(server.origin, { authorization: `Bearer ${secret}` });
    const first = await kill(looping, { flags: ["search"] });
    let refused = await kill(looping, { flags: ["search"] });
    for (let round = 0; round < 100 && refused.status < 300; round += 1)
      refused = await kill(looping, { flags: ["search"] });
    expect(refused.problem).toMatchObject({ status: 429, code: "rate-limited" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const needed = await kill(looping, { flags: ["checkout", "search"] });
    expect(needed.status).toBeLessThan(300);
    await lift(first.body.id);
    await lift(needed.body.id);
  });

  test("others kill as their role allows", async () => {
    const viewer = await addMember(server, ada, "shop", "viewer");
    const editor = await addMember(server, ada, "shop", "editor");
    // A session that this node has seen needs no database.
    for (const member of [viewer, editor]) await member.ok("GET /api/v1/session");
    expect((await kill(viewer)).status).toBe(403);
    expect((await kill(server.stranger)).status).toBe(401);
    expect((await kill(createCaller(server.origin, { authorization: `Bearer ${key}` }))).status).toBe(403);
    const { status, body } = await kill(editor);
    expect(status).toBeLessThan(300);
    const lifting = { params: { kill: body.id }, body: {} };
    expect((await editor.call("POST /api/v1/kills/{kill}/lift", lifting)).status).toBe(403);
    await lift(body.id);
  });
});
