import { fork } from "node:child_process";
import cluster from "node:cluster";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { createClient } from "./dist/index.js";

/** An application that has a client, and then starts itself once more, in one of the ways that Node has for that. */
const [url = "", dataDir = "", way = ""] = process.argv.slice(2);
const FILE = fileURLToPath(import.meta.url);
const READS = { first: 3, second: 5 };

const WAYS = {
  "child_process.fork": (args) => void fork(FILE, args),
  "cluster.fork"(args) {
    cluster.setupPrimary({ exec: FILE, args });
    cluster.fork();
  },
  Worker: (args) => void new Worker(FILE, { argv: args }),
};

const client = createClient({ url, key: "k", dataDir });
await client.ready();
const start = WAYS[way];
for (let read = 0; read < READS[start ? "first" : "second"]; read++) client.boolean("a", {}, false);

if (start) {
  start([url, dataDir]);
  await new Promise((resolve) => client.on("change", resolve));
  await client.close();
} else {
  await client.flush();
  // Without a goodbye: a socket that both had would be gone for the first one, too.
  process.exit();
}
