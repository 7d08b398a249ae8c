import { readFileSync, statSync } from "node:fs";
import type { JsonValue, KillElement, Ruleset } from "@lanyard/evaluation";
import { type CoreOptions, createCore, fixedRules, isRuleset, type Rules } from "@lanyard/sdk-core";
import { type Client, type NodeOptions, nodeClient } from "./client.ts";

const LOOK_MS = 250;

/** A client that follows a file instead of a server: for development and tests. */
export function createFileClient(options: CoreOptions, face: NodeOptions, path: string): Client {
  const core = createCore(options);
  const killsOf = createFileKills();
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
      const identity = { environmentId: path, epoch: 1, revision };
      core.store.put({ ...rules, ...identity, ...killsOf(rules.kills, revision) }, "poll");
      core.listener.contact("poll");
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

/** A kill ends when it is taken out of the file. Put in again it has another id, since a lifted one never comes back. */
function createFileKills(): (listed: KillElement[], revision: number) => Pick<Rules, "kills" | "lifted"> {
  let held = new Map<string, KillElement>();
  const known = new Set<string>();

  return (listed, revision) => {
    const before = held;
    held = new Map(
      listed.map((kill) => {
        const name = JSON.stringify([kill.id, kill.flag]);
        const anew = known.has(name) ? { ...kill, id: `${kill.id}@${revision}` } : kill;
        return [name, before.get(name) ?? anew];
      }),
    );
    for (const name of held.keys()) known.add(name);
    const lifted = [...before].filter(([name]) => !held.has(name)).map(([, kill]) => kill);
    return { kills: [...held.values()], lifted };
  };
}

/** Either a ruleset, or the value that each flag answers everybody with. */
function parse(content: unknown): Ruleset {
  if (isRuleset(content)) return content;
  if (typeof content !== "object" || content === null || Array.isArray(content) || "format" in content) {
    throw new Error("expected a ruleset, or an object with a value for each flag");
  }
  return fixedRules(new Map(Object.entries(content as Record<string, JsonValue>)), 0);
}
