import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { type Announcement, createSigner } from "../fanout/index.ts";
import type { Membership, UserActor } from "./actor.ts";
import { createKillPasses, KILL_PASS_SECONDS } from "./kill-pass.ts";

const TOKEN = "lyd_ses_of_ada";
const SECRET = "the secret of this instance, long enough";
const OLDER = "the secret that this instance had before";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 26) });
});
afterAll(() => {
  vi.useRealTimers();
});

function member(projectId: string, role: Membership["role"], access: number): Membership {
  return { projectId, projectKey: `key of ${projectId}`, projectName: "", role, access };
}

function ada(...memberships: Membership[]): UserActor {
  return { kind: "user", id: "ada", name: "Ada Λ", email: "", instanceAdmin: false, memberships };
}

/** A node that has read these access counters, by project. */
function node(counters: Record<string, number>, secrets: [string, string?] = [SECRET], endedBefore = 0) {
  let tell: (announcement: Announcement) => void = () => {};
  const listen = (listener: typeof tell) => {
    tell = listener;
    return () => {};
  };
  const isOver = (_token: string, liveAt: number) => liveAt < endedBefore;
  const passes = createKillPasses(createSigner(...secrets), { listen }, { isOver });
  const count = (projectId: string, access: number, readAt = performance.now()) =>
    tell({
      type: "counters",
      environmentId: `env of ${projectId}`,
      counters: {
        ...{ projectId, projectKey: `key of ${projectId}`, key: "production", access },
        ...{ epoch: 1, revision: 1, kills: 0, readAt },
      },
    });
  const hear = (projectId: string, access: number) => tell({ type: "access", projectId, access });
  for (const [projectId, access] of Object.entries(counters)) count(projectId, access);
  return { ...passes, count, hear };
}

const rolesOf = (actor: UserActor | undefined) =>
  actor?.memberships.map(({ projectId, role }) => `${projectId} ${role}`);

test("another node that knows no newer keys and members believes it, also one that is behind", () => {
  const pass = node({}).make(TOKEN, ada(member("shop", "editor", 5), member("bank", "owner", 2)));
  const opened = node({ shop: 5, bank: 1 }).open(pass, TOKEN);
  expect(opened).toMatchObject({ kind: "user", id: "ada", name: "Ada Λ" });
  expect(rolesOf(opened)).toEqual(["bank owner", "shop editor"]);
});

test("changed keys or members of a project end it there, and nowhere else", () => {
  const elsewhere = node({ shop: 5, bank: 2 });
  const pass = elsewhere.make(TOKEN, ada(member("shop", "editor", 5), member("bank", "owner", 2)));
  elsewhere.count("shop", 6);
  expect(rolesOf(elsewhere.open(pass, TOKEN))).toEqual(["bank owner"]);
  elsewhere.count("bank", 3);
  expect(elsewhere.open(pass, TOKEN)).toBeUndefined();
});

test("what another node says of a counter ends it, until the database says something newer", () => {
  const { make, open, count, hear, all } = node({ shop: 5, bank: 2 });
  const pass = make(TOKEN, ada(member("shop", "editor", 5), member("bank", "owner", 2)));
  const readBefore = performance.now() - 1;
  hear("shop", 6);
  count("shop", 5, readBefore);
  expect(rolesOf(open(pass, TOKEN))).toEqual(["bank owner"]);
  expect(all()).toContainEqual(expect.objectContaining({ projectId: "shop", access: 6 }));
  hear("shop", 5);
  expect(rolesOf(open(pass, TOKEN))).toEqual(["bank owner"]);
  count("shop", 5);
  expect(rolesOf(open(pass, TOKEN))).toEqual(["bank owner", "shop editor"]);
});

test("it says nothing of a project that the node has never heard of, nor of who may not kill", () => {
  const { make, open } = node({ shop: 5 });
  expect(
    open(make(TOKEN, ada(member("bank", "owner", 2), member("shop", "viewer", 5))), TOKEN),
  ).toBeUndefined();
});

test("it is worth nothing with another session, altered, or signed by somebody else", () => {
  const { make, open } = node({ shop: 5 });
  const pass = make(TOKEN, ada(member("shop", "editor", 5)));
  expect(open(pass, "lyd_ses_of_eve")).toBeUndefined();
  const text = Buffer.from(pass.slice(64), "base64url").toString().replace("editor", "owner");
  expect(open(pass.slice(0, 64) + Buffer.from(text).toString("base64url"), TOKEN)).toBeUndefined();
  expect(node({ shop: 5 }, [OLDER]).open(pass, TOKEN)).toBeUndefined();
  const message = createSigner(SECRET).seal("peers", pass.slice(64));
  expect(open(message, TOKEN)).toBeUndefined();
  for (const garbage of ["", "x", "0".repeat(64), "0".repeat(5_000)])
    expect(open(garbage, TOKEN)).toBeUndefined();
});

test("while the secret is rotated the one before is still believed", () => {
  const pass = node({}, [OLDER]).make(TOKEN, ada(member("shop", "editor", 5)));
  expect(rolesOf(node({ shop: 5 }, [SECRET, OLDER]).open(pass, TOKEN))).toEqual(["shop editor"]);
});

test("it is good for hours, and made anew long before it is over", () => {
  const { make, open, isCurrent } = node({ shop: 5 });
  const actor = ada(member("shop", "editor", 5));
  const pass = make(TOKEN, actor);
  expect(isCurrent(pass, TOKEN, actor)).toBe(true);
  vi.advanceTimersByTime(KILL_PASS_SECONDS * 1_000 * 0.1);
  expect(isCurrent(pass, TOKEN, actor)).toBe(false);
  vi.advanceTimersByTime(KILL_PASS_SECONDS * 1_000 * 0.9);
  expect(rolesOf(open(pass, TOKEN))).toEqual(["shop editor"]);
  vi.advanceTimersByTime(1);
  expect(open(pass, TOKEN)).toBeUndefined();
});

test("it is made anew when a role or a counter is another, or the session is", () => {
  const { make, isCurrent } = node({ shop: 5 });
  const pass = make(TOKEN, ada(member("shop", "editor", 5)));
  expect(isCurrent(pass, TOKEN, ada(member("shop", "owner", 5)))).toBe(false);
  expect(isCurrent(pass, TOKEN, ada(member("shop", "editor", 6)))).toBe(false);
  expect(isCurrent(pass, "lyd_ses_of_eve", ada(member("shop", "editor", 5)))).toBe(false);
});

test("a node that has read all sessions since knows when one is over", () => {
  const pass = node({}).make(TOKEN, ada(member("shop", "editor", 5)));
  expect(node({ shop: 5 }, [SECRET], Date.now() + 1).open(pass, TOKEN)).toBeUndefined();
});

test("a node that starts from its folder has the counters that it knew", () => {
  const pass = node({}).make(TOKEN, ada(member("shop", "editor", 5)));
  const known = node({ shop: 6 }).all();
  const restarted = node({});
  restarted.fill(known);
  expect(restarted.open(pass, TOKEN)).toBeUndefined();
  const newer = node({ shop: 5 });
  newer.fill(known);
  expect(rolesOf(newer.open(pass, TOKEN))).toEqual(["shop editor"]);
});

test("the pass of somebody in very many projects still fits into a cookie", () => {
  const id = (index: number) => `prj_01jd0000000000000000000${String(index).padStart(3, "0")}`;
  const many = Array.from({ length: 200 }, (_, index) => member(id(index), "maintainer", 1_000_000));
  const { make, open } = node({ [id(199)]: 1 });
  const pass = make(TOKEN, { ...ada(...many), name: "Λ".repeat(200) });
  expect(pass.length).toBeLessThan(4_000);
  expect(rolesOf(open(pass, TOKEN))).toEqual([`${id(199)} maintainer`]);
});
