import {
  type Condition,
  type Context,
  createEvaluator,
  type Flag,
  type Ruleset,
  type Segment,
} from "@lanyard/evaluation";
import { contextArbitrary, PUBLIC_ATTRIBUTES, rulesetArbitrary } from "@lanyard/evaluation/testing";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environments, publications } from "../database/schema/index.ts";
import { type Caller, setUp, type TestServer, testServer } from "../testing/index.ts";
import { AUDIENCE, shopOf } from "../testing/shop.ts";
import { waitFor } from "../testing/wait-for.ts";

const CANARY = "canary";

let server: TestServer;
let ada: Caller;
interface PageKey {
  secret: string;
  signingSecret?: string | undefined;
}
let key: PageKey;

beforeAll(async () => {
  server = await testServer();
  ada = await setUp(server);
  for (const name of PUBLIC_ATTRIBUTES)
    await ada.ok("PUT /api/v1/projects/{project}/attributes/{name}", {
      params: { project: "shop", name },
      body: { type: "string", visibility: "public", description: "" },
    });
  key = await pageKey("development");
});
afterAll(() => server.close());

const pageKey = (environment: string): Promise<PageKey> => shopOf(ada).signedKey({ environment });

/**
 * The ruleset under names of its own, with a canary wherever a browser must not look: names of server flags and of
 * segments, literals of private tests, members of lists, hashes, and a variation that nobody is served.
 */
function planted({ flags, segments }: Ruleset, number: number) {
  const segmentKey = (name: string) => `${CANARY}-${number}-${name}`;
  const flagKey = (name: string) =>
    flags[name]?.audience === "client" ? `b${number}-${name}` : `${CANARY}-${number}-${name}`;
  const condition = (at: Condition): Condition => {
    if ("all" in at) return { all: at.all.map(condition) };
    if ("any" in at) return { any: at.any.map(condition) };
    if ("not" in at) return { not: condition(at.not) };
    if ("segment" in at) return { segment: segmentKey(at.segment) };
    const isPrivate = "attribute" in at && !PUBLIC_ATTRIBUTES.has(at.attribute) && at.operator === "in";
    return isPrivate ? { ...at, values: [...(at.values ?? []), CANARY] } : at;
  };
  const hidden = { attribute: `${CANARY}-attribute`, operator: "in", values: [CANARY] };
  const plantedFlag = (flag: Flag): Flag => ({
    ...flag,
    hash: `${CANARY}-${flag.hash}`,
    variations: [...flag.variations, { id: `${CANARY}-variation`, value: `${CANARY}-value` }],
    prerequisites: flag.prerequisites
      .filter((needed) => flags[needed.flag]?.audience === "client")
      .map((needed) => ({
        flag: flagKey(needed.flag),
        variations: [...needed.variations, `${CANARY}-variation`],
      })),
    targets: flag.targets.map((target) => ({ ...target, values: [...target.values, `${CANARY}-member`] })),
    rules: [
      { id: "r0", when: hidden, serve: { variation: `${CANARY}-variation` } },
      ...flag.rules.map((rule) => ({ ...rule, when: condition(rule.when) })),
    ],
  });
  const plantedSegment = ({ included, excluded, when, ...segment }: Segment): Segment => ({
    ...segment,
    hash: `${CANARY}-${segment.hash}`,
    included: [...included, `${CANARY}-member`],
    excluded: [...excluded, `${CANARY}-member`],
    ...(when && { when: condition(when) }),
  });
  return [
    ...Object.entries(flags).map(([name, flag]) => ({
      kind: "flag" as const,
      key: flagKey(name),
      content: JSON.stringify(plantedFlag(flag)),
    })),
    ...Object.entries(segments).map(([name, segment]) => ({
      kind: "segment" as const,
      key: segmentKey(name),
      content: JSON.stringify(plantedSegment(segment)),
    })),
  ];
}

/** As the door commits it, beneath validation: what travels must be safe whatever is stored. */
async function publish(rulesets: Ruleset[]): Promise<number> {
  const isPlace = eq(environments.key, "development");
  return server.services.database.transaction(async (tx) => {
    const [place] = await tx.select().from(environments).where(isPlace).for("update");
    const { id, epoch, revision } = place as NonNullable<typeof place>;
    await tx
      .update(environments)
      .set({ revision: revision + 1 })
      .where(isPlace);
    const rows = rulesets.flatMap(planted);
    await tx
      .insert(publications)
      .values(
        rows.map((row) => ({ ...row, environmentId: id, epoch, revision: revision + 1, changeId: "" })),
      );
    return revision + 1;
  });
}

async function headersOf(verified: Context | undefined, by = key): Promise<Record<string, string>> {
  const authorization = `Bearer ${by.secret}`;
  if (verified === undefined) return { authorization };
  const iat = Math.floor(Date.now() / 1_000);
  const token = await new SignJWT({ aud: AUDIENCE, iat, exp: iat + 600, context: verified })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(by.signingSecret));
  return { authorization, "lanyard-context": token };
}

/** The bytes of a stream, as they come. */
async function capture(headers: Record<string, string>) {
  const controller = new AbortController();
  const response = await fetch(`${server.origin}/sdk/v1/stream`, { headers, signal: controller.signal });
  const heard = { text: "" };
  const read = async () => {
    for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    ))
      heard.text += chunk;
  };
  const ended = read().catch(() => {});
  return {
    heard,
    frames: (name: string) =>
      [...heard.text.matchAll(new RegExp(`event: ${name}\\n(?:id: .*\\n)?data: (.*)\\n\\n`, "g"))].map(
        ([, data]) => JSON.parse(data ?? ""),
      ),
    close() {
      controller.abort();
      return ended;
    },
  };
}

/** Everything that a page of this user is sent while the flags change and are killed and lifted. */
async function watch(verified: Context | undefined) {
  const headers = await headersOf(verified);
  const stream = await capture(headers);
  const ruleset = async () => (await fetch(`${server.origin}/sdk/v1/ruleset`, { headers })).text();
  return { stream, ruleset };
}

type Watcher = Awaited<ReturnType<typeof watch>>;

async function settle({ stream, ruleset }: Watcher, revision: number) {
  await waitFor("the patch", () => stream.frames("patch").some(({ to }) => to === revision));
  const [put] = stream.frames("put");
  const evaluator = createEvaluator(put as Ruleset);
  for (const patch of stream.frames("patch")) evaluator.patch(patch);
  const fetched = await ruleset();
  const { flags, segments } = JSON.parse(fetched) as Ruleset;
  expect(evaluator.snapshot()).toMatchObject({ revision, segments });
  expect(evaluator.snapshot().flags).toEqual(flags);
  expect(Object.keys(flags).every((name) => name.startsWith("b"))).toBe(true);
  return fetched;
}

test("what a public key is sent tells nothing private, in rulesets, puts, patches, kills and lifts", async () => {
  const several = fc.array(rulesetArbitrary, { minLength: 12, maxLength: 12 });
  const users = fc.array(contextArbitrary, { minLength: 2, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(
      several,
      fc.array(rulesetArbitrary, { minLength: 4, maxLength: 4 }),
      users,
      async (first, second, verified) => {
        const published = await publish(first);
        const anonymous = await headersOf(undefined);
        await waitFor("the revision", async () => {
          const response = await fetch(`${server.origin}/sdk/v1/ruleset`, { headers: anonymous });
          return ((await response.json()) as Ruleset).revision >= published;
        });
        const watchers = await Promise.all([undefined, ...verified].map(watch));
        for (const { stream } of watchers)
          await waitFor("the heartbeat", () => stream.frames("heartbeat").length > 0);
        const revision = await publish(second);
        for (const watcher of watchers) {
          const fetched = await settle(watcher, revision);
          await watcher.stream.close();
          for (const bytes of [fetched, watcher.stream.heard.text]) expect(bytes).not.toContain(CANARY);
        }
      },
    ),
    { numRuns: 3, endOnFailure: true },
  );
}, 120_000);

test("and a server key is sent all of it", async () => {
  await publish(fc.sample(rulesetArbitrary, 10));
  const { secret } = await ada.ok("POST /api/v1/projects/{project}/keys", {
    params: { project: "shop" },
    body: { kind: "server", name: "app", environment: "development", expiresAt: null },
  });
  await waitFor("the canaries", async () => {
    const headers = { authorization: `Bearer ${secret}` };
    const bytes = await (await fetch(`${server.origin}/sdk/v1/ruleset`, { headers })).text();
    return [`${CANARY}-variation`, `${CANARY}-value`, `${CANARY}-member`].every((word) =>
      bytes.includes(word),
    );
  });
});

test("kills of server flags do not reach it, and kills of what it sees name nothing else", async () => {
  const names = { client: "banner", server: `${CANARY}-flag` };
  for (const [audience, name] of Object.entries(names))
    await ada.ok("POST /api/v1/projects/{project}/flags", {
      params: { project: "shop" },
      body: { key: name, name, audience: audience as "client" | "server" },
    });
  const { stream } = await watch({ targetingKey: "u-1" });
  await waitFor("the heartbeat", () => stream.frames("heartbeat").length > 0);
  const { id } = await ada.ok("POST /api/v1/kills", {
    body: {
      project: "shop",
      environments: ["development"],
      flags: Object.values(names),
      reason: `${CANARY} reason`,
    },
  });
  await waitFor("the kill", () => stream.frames("kill").length > 0);
  await waitFor("the record", async () => {
    const lifted = await ada.call("POST /api/v1/kills/{kill}/lift", { params: { kill: id }, body: {} });
    return lifted.status < 400;
  });
  await waitFor("the lift", () => stream.frames("lift").length > 0);
  await stream.close();
  expect(stream.frames("kill")[0]).toMatchObject({ elements: [{ id, flag: "banner" }] });
  expect(stream.heard.text).not.toContain(CANARY);
});

test("users who are told apart in nothing that is private share one ETag, and an old one is never theirs", async () => {
  // Not where the flags are drawn by chance: those may tell anybody apart.
  const by = await pageKey("production");
  const target = "shared";
  await ada.ok("POST /api/v1/projects/{project}/flags", {
    params: { project: "shop" },
    body: { key: target, name: target, audience: "client" },
  });
  await ada.ok("PATCH /api/v1/projects/{project}/flags/{flag}/environments/{environment}", {
    params: { project: "shop", flag: target, environment: "production" },
    body: {
      on: true,
      targets: [{ unit: "targetingKey", variation: "on", values: ["vip-1", "vip-2"] }],
      message: "for a test",
    },
  });
  const etag = async (verified: Context | undefined, known?: string) => {
    const headers = { ...(await headersOf(verified, by)), ...(known && { "if-none-match": known }) };
    const response = await fetch(`${server.origin}/sdk/v1/ruleset`, { headers });
    return known ? String(response.status) : (response.headers.get("etag") ?? "");
  };
  const one = await etag({ targetingKey: "vip-1" });
  expect(await etag({ targetingKey: "vip-2", note: "not asked" })).toBe(one);
  expect(await etag({ targetingKey: "vip-2" }, one)).toBe("304");
  const nobody = await etag(undefined);
  expect(nobody).not.toBe(one);
  expect(await etag({ targetingKey: "somebody" })).toBe(nobody);
  expect(await etag(undefined, one)).toBe("200");
});
