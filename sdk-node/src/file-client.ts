import { readFileSync, statSync } from "node:fs";
import type { JsonValue, Ruleset } from "@lanyard/evaluation";
import { type CoreOptions, createCore, isRuleset } from "@lanyard/sdk-core";
import { type Client, type NodeOptions, nodeClient } from "./client.ts";
import { rulesetOf } from "./fixed-rules.ts";

const LOOK_MS = 250;

/** A client that follows a file instead of a server: for development and tests. */
export function createFileClient(options: CoreOptions, face: NodeOptions, path: string): Client {
  const core = createCore(options);
  let revision = 0;
  let seen = "";

  function look(): void {
    try {
      const { ino, size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
      const found = `${ino} ${size} ${mtimeMs}`;
      if (found === seen) return;
      seen = found;
      const rules = parse(JSON.parse(readFileSync(path, "utf8")));
      // Its own revision may stand still while a person edits it.
      revision += 1;
      core.store.put({ ...rules, environmentId: path, epoch: 1, revision }, "bootstrap");
      core.listener.contact("bootstrap");
    } catch (error) {
      core.listener.down();
      core.listener.failed(`${path}: ${(error as Error).message}`);
    }
  }

  look();
  // Editors replace files, which ends a watch on them; a look now and then survives that.
  const timer = setInterval(look, LOOK_MS).unref();
  return {
    ...nodeClient(core, face),
    close() {
      clearInterval(timer);
      return core.life.close();
    },
  };
}

/** Either a ruleset, or the value that each flag answers everybody with. */
function parse(content: unknown): Ruleset {
  if (isRuleset(content)) return content;
  if (typeof content !== "object" || content === null || Array.isArray(content) || "format" in content) {
    throw new Error("expected a ruleset, or an object with a value for each flag");
  }
  return rulesetOf(new Map(Object.entries(content as Record<string, JsonValue>)), 0);
}
