import { createClient, createTestClient } from "@lanyard/sdk-node";
import { LanyardProvider } from "@lanyard/sdk-node/openfeature";
import { OpenFeature } from "@openfeature/server-sdk";
import { logs } from "@opentelemetry/api-logs";
import { ConsoleLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { flagEvents } from "./telemetry.ts";

const { LANYARD_URL = "http://localhost:4242", LANYARD_KEY, FLAG = "new-checkout" } = process.env;

const loggers = new LoggerProvider({
  processors: [new SimpleLogRecordProcessor(new ConsoleLogRecordExporter())],
});
logs.setGlobalLoggerProvider(loggers);
// Without a key there is no server to follow, and the flag is fixed.
const lanyard = () =>
  LANYARD_KEY
    ? createClient({ url: LANYARD_URL, key: LANYARD_KEY })
    : createTestClient({ flags: { [FLAG]: true } });

OpenFeature.addHooks(flagEvents());
await OpenFeature.setProviderAndWait(new LanyardProvider(lanyard));
for (const user of ["ada", "bob"])
  await OpenFeature.getClient().getBooleanValue(FLAG, false, { targetingKey: user });
await OpenFeature.close();
await loggers.shutdown();
