import { createServer } from "node:http";
import { createClient } from "@lanyard/sdk-node";
import { createShop } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import { FLAGS, missingFlags } from "./flags.ts";

function start({ lanyardUrl, lanyardKey, port }: Config): void {
  const lanyard = createClient({ url: lanyardUrl, key: lanyardKey, dataDir: ".lanyard" });

  let told = "";
  const tellMissing = (): void => {
    const missing = missingFlags(lanyard);
    if (missing.join() === told) return;
    told = missing.join();
    for (const key of missing) console.log(`There is no flag "${key}" yet. Create it: ${FLAGS[key]}.`);
    if (missing.length === 0) console.log("All flags of the shop are there.");
  };
  lanyard.on("status", ({ state }) => state === "live" && tellMissing());
  lanyard.on("change", ({ keys, revision }) => {
    console.log(`Revision ${revision}: ${keys.join(", ")} changed.`);
    tellMissing();
  });
  lanyard.on("kill", ({ kind, elements }) => {
    for (const { flag } of elements) console.log(kind === "killed" ? `KILLED: ${flag}` : `Lifted: ${flag}`);
  });

  const server = createServer(createShop(lanyard));
  server.on("error", (error) => fail(error.message));
  server.listen(port, () => {
    const address = server.address();
    const actual = typeof address === "object" && address ? address.port : port;
    console.log(`The shop is open at http://localhost:${actual} and asks Lanyard at ${lanyardUrl}.`);
  });

  const stop = (): void => {
    server.close();
    server.closeAllConnections();
    void lanyard.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

let config: Config;
try {
  config = readConfig(process.env);
} catch (error) {
  fail((error as Error).message);
}
start(config);
