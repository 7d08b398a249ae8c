import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { algorithms } from "@lanyard/evaluation/algorithms";
import { operators } from "@lanyard/evaluation/operators";
import { connect, createCore, createExpand, createPresence, type Line } from "@lanyard/sdk-core";
import { type Client, type NodeOptions, nodeClient } from "./client.ts";
import { createFaultCount } from "./fault-count.ts";
import { createFileClient } from "./file-client.ts";
import { type ClientOptions, checkOptions } from "./options.ts";
import { nodePlatform } from "./platform.ts";
import { createSnapshotClient } from "./snapshot-client.ts";
import { createSnapshotFile, snapshotFileIn } from "./snapshot-file.ts";
import { VERSION } from "./version.ts";

/**
 * Makes a client and returns at once: it connects, and keeps trying, in the background. Throws a `TypeError` for wrong
 * options, and never for anything that happens on the network. Call `close` at the end: an open stream keeps the
 * process running.
 */
export function createClient(options: ClientOptions): Client {
  checkOptions(options);
  const { url, key, app, bootstrap, hooks, logger = console } = options;
  const warn = safely((message: string) => logger.warn(`lanyard: ${message}`));
  const file = options.snapshotFile ?? (options.dataDir && key && snapshotFileIn(options.dataDir, key));
  const extensions = { operators, algorithms };
  const face: NodeOptions = { extensions, warn };
  const common = { platform: nodePlatform, extensions, hooks };
  if (options.file) return createFileClient(common, face, options.file);
  const { faults, watch } = createFaultCount();
  const all = {
    ...common,
    server: url && key ? { url: url.replace(/\/+$/, ""), headers: headersOf(key) } : undefined,
    receipts: createPresence({ app, host: hostname(), faults }),
    faults,
    bootstrap,
    snapshots: file && key ? createSnapshotFile(file, key, warn) : undefined,
  };
  if (options.mode === "snapshot") return createSnapshotClient(all, face, watch);
  const connectWatched = (line: Line) => connect({ ...withDeltas(line), listener: watch(line.listener) });
  return nodeClient(createCore({ ...all, connect: connectWatched }), face);
}

/** The application's logger runs in our callbacks, where its exception would end the process. */
function safely(log: (message: string) => void): (message: string) => void {
  return (message) => {
    try {
      log(message);
    } catch {
      // There is nobody left to tell.
    }
  };
}

function withDeltas(line: Line): Line {
  return { ...line, expand: createExpand(line.store.evaluator, contentHash) };
}

/** As the protocol names contents. */
function contentHash(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, 16);
}

function headersOf(key: string): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    "lanyard-instance": nodePlatform.uuid(),
    "lanyard-sdk": `node/${VERSION}`,
    "lanyard-accept": "segment-deltas",
  };
}
