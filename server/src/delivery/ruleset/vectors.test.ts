import { createEvaluator, type Decision, type Ruleset } from "@lanyard/evaluation";
import { operators } from "@lanyard/evaluation/operators";
import { type DecisionVector, loadVectors } from "@lanyard/evaluation/vectors";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setUp, type TestServer, testServer } from "../../testing/index.ts";
import { rulesetPublisher } from "../../testing/publish-ruleset.ts";
import { AUDIENCE, shopOf } from "../../testing/shop.ts";

/** What no browser carries: a flag that needs it is not offered to one. */
const BEYOND = "algorithms";
/** Characters of a context in JSON that fit into a token with the rest. */
const SIGNABLE = 5_000;

let server: TestServer;
let publish: Awaited<ReturnType<typeof rulesetPublisher>>;
let page: { secret: string; signingSecret?: string | undefined };

beforeAll(async () => {
  server = await testServer();
  const shop = shopOf(await setUp(server));
  publish = await rulesetPublisher(server, (await shop.key("server")).secret);
  page = await shop.signedKey();
});
afterAll(() => server.close());

/** The same rules, marked for browsers. */
function forBrowsers(ruleset: Ruleset): Ruleset {
  const flags = Object.entries(ruleset.flags).map(([key, flag]) => [key, { ...flag, audience: "client" }]);
  return { ...ruleset, flags: Object.fromEntries(flags) };
}

/** The residual that a page gets for what is verified about its user. */
async function residualFor(verified: object): Promise<Ruleset> {
  const iat = Math.floor(Date.now() / 1_000);
  const token = await new SignJWT({ iat, exp: iat + 600, aud: AUDIENCE, context: { ...verified } })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(page.signingSecret));
  const response = await fetch(`${server.origin}/sdk/v1/ruleset`, {
    headers: { authorization: `Bearer ${page.secret}`, "lanyard-context": token },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Ruleset;
}

async function decide({ key, context }: DecisionVector): Promise<Decision> {
  const evaluator = createEvaluator(await residualFor(context), { operators });
  return evaluator.evaluate(key, context);
}

const files = loadVectors().flatMap((file) =>
  file.kind === "evaluate" && file.file !== BEYOND ? [file] : [],
);

test.each(files)(
  "a page whose user is verified decides $file as every SDK does, from the database on",
  { timeout: 120_000 },
  async ({ vectors }) => {
    for (const vector of vectors) {
      if (JSON.stringify(vector.context).length > SIGNABLE) continue;
      await publish(forBrowsers(vector.ruleset));
      const { name } = vector;
      expect({ name, ...(await decide(vector)) }).toEqual({ name, ...vector.expect });
    }
  },
);
