import { createEvaluator } from "@lanyard/evaluation";
import { algorithms } from "@lanyard/evaluation/algorithms";
import { openFeatureReason } from "@lanyard/evaluation/openfeature";
import { operators } from "@lanyard/evaluation/operators";
import { type DecisionVector, loadVectors } from "@lanyard/evaluation/vectors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setUp, type TestServer, testServer } from "../../testing/index.ts";
import { rulesetPublisher } from "../../testing/publish-ruleset.ts";
import { shopOf } from "../../testing/shop.ts";

let server: TestServer;
let headers: Record<string, string>;
let publish: Awaited<ReturnType<typeof rulesetPublisher>>;

beforeAll(async () => {
  server = await testServer();
  const ada = await setUp(server);
  const { secret } = await shopOf(ada).key("server");
  headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  publish = await rulesetPublisher(server, secret);
});
afterAll(() => server.close());

/** What OFREP makes of a vector's expectation. */
function expectedOf({ ruleset, key, expect: decision }: DecisionVector): object {
  const { value, variation, reason, split } = decision;
  if (value === undefined) return { status: 404, errorCode: "FLAG_NOT_FOUND" };
  const isStatic = createEvaluator(ruleset, { operators, algorithms }).isStatic(key);
  return {
    status: 200,
    ...(value !== null && { value }),
    variant: variation,
    reason: openFeatureReason({ reason: reason ?? "off", split }, isStatic),
  };
}

async function answerTo({ key, context }: DecisionVector): Promise<object> {
  const response = await fetch(`${server.origin}/ofrep/v1/evaluate/flags/${encodeURIComponent(key)}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ context }),
  });
  const {
    key: _,
    metadata: _metadata,
    errorDetails: _details,
    ...answer
  } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, ...answer };
}

const files = loadVectors().flatMap((file) => (file.kind === "evaluate" ? [file] : []));

test.each(files)(
  "OFREP answers $file as every SDK does, from the database on",
  { timeout: 120_000 },
  async ({ vectors }) => {
    for (const vector of vectors) {
      await publish(vector.ruleset);
      const { name } = vector;
      expect({ name, ...(await answerTo(vector)) }).toEqual({ name, ...expectedOf(vector) });
    }
  },
);
