import { createClient as createBrowserClient } from "@lanyard/sdk-browser";
import { LanyardProvider as WebProvider } from "@lanyard/sdk-browser/openfeature";
import { createTestClient } from "@lanyard/sdk-node";
import { LanyardProvider } from "@lanyard/sdk-node/openfeature";
import { OpenFeature } from "@openfeature/server-sdk";
import { OpenFeature as WebApi } from "@openfeature/web-sdk";
import { logs } from "@opentelemetry/api-logs";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { flagEvents } from "./telemetry.ts";

const exporter = new InMemoryLogRecordExporter();
const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor(exporter)] });

beforeAll(() => {
  logs.setGlobalLoggerProvider(loggers);
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  await OpenFeature.close();
  await WebApi.close();
  await loggers.shutdown();
});

const events = () =>
  exporter.getFinishedLogRecords().map(({ eventName, attributes }) => ({ eventName, attributes }));

/** In what every event has. */
const common = {
  "feature_flag.provider.name": "lanyard",
  "feature_flag.context.id": "ada",
  "feature_flag.set.id": "test",
  "feature_flag.version": "1",
};

async function serve(flags: Record<string, boolean>) {
  await OpenFeature.setProviderAndWait(new LanyardProvider(() => createTestClient({ flags })));
  const client = OpenFeature.getClient();
  client.addHooks(flagEvents());
  return client;
}

test("an evaluation is an event with all that the conventions ask for", async () => {
  const client = await serve({ "new-checkout": true });
  await client.getBooleanValue("new-checkout", false, { targetingKey: "ada" });
  expect(events()).toEqual([
    {
      eventName: "feature_flag.evaluation",
      attributes: {
        ...common,
        "feature_flag.key": "new-checkout",
        "feature_flag.result.variant": "set",
        "feature_flag.result.reason": "static",
      },
    },
  ]);
});

test("so is one that failed, with its type, its message and the default that stood in", async () => {
  const client = await serve({ "new-checkout": true });
  await client.getStringValue("new-checkout", "none", { targetingKey: "ada" });
  await client.getBooleanValue("no-such-flag", false, { targetingKey: "ada" });
  expect(events()).toEqual([
    {
      eventName: "feature_flag.evaluation",
      attributes: {
        ...common,
        "feature_flag.key": "new-checkout",
        "feature_flag.result.value": "none",
        "feature_flag.result.reason": "error",
        "error.type": "type_mismatch",
        "feature_flag.error.message": expect.stringMatching(/another type/),
      },
    },
    {
      eventName: "feature_flag.evaluation",
      attributes: {
        ...common,
        "feature_flag.key": "no-such-flag",
        "feature_flag.result.value": false,
        "feature_flag.result.reason": "error",
        "error.type": "flag_not_found",
        "feature_flag.error.message": expect.stringMatching(/no such flag/),
      },
    },
  ]);
});

test("a page's events say the same", async () => {
  const flag = {
    type: "boolean" as const,
    hash: "h1",
    on: false,
    seed: "seed",
    variations: [{ id: "off", value: false }],
    off: "off",
    audience: "client" as const,
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variation: "off" },
  };
  const identity = { format: 1 as const, environmentId: "test", epoch: 1, revision: 1 };
  const bootstrap = { ...identity, flags: { banner: flag }, segments: {}, kills: [] };
  await WebApi.setContext({ targetingKey: "ada" });
  await WebApi.setProviderAndWait(new WebProvider((context) => createBrowserClient({ bootstrap, context })));
  const client = WebApi.getClient();
  client.addHooks(flagEvents());
  client.getBooleanValue("banner", true);
  expect(events()).toEqual([
    {
      eventName: "feature_flag.evaluation",
      attributes: {
        ...common,
        "feature_flag.key": "banner",
        "feature_flag.result.variant": "off",
        "feature_flag.result.reason": "disabled",
      },
    },
  ]);
});
