import { readFileSync, statSync } from "node:fs";
import type { JsonValue, Ruleset } from "@lanyard/evaluation";
import { type ClientOptions, isRuleset, LocalClient } from "@lanyard/sdk-core";
import { rulesetOf } from "./fixed-rules.ts";

const LOOK_MS = 250;

/** A client that follows a file instead of a server: for development and tests. */
export class FileClient extends LocalClient {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #revision = 0;
  #seen = "";

  constructor(options: ClientOptions, path: string) {
    super(options);
    this.#path = path;
    this.#look();
    // Editors replace files, which ends a watch on them; a look now and then survives that.
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  override close(): Promise<void> {
    clearInterval(this.#timer);
    return super.close();
  }

  #look(): void {
    try {
      const { ino, size, mtimeMs } = statSync(this.#path, { throwIfNoEntry: false }) ?? {};
      const found = `${ino} ${size} ${mtimeMs}`;
      if (found === this.#seen) return;
      this.#seen = found;
      const rules = parse(JSON.parse(readFileSync(this.#path, "utf8")));
      // Its own revision may stand still while a person edits it.
      this.#revision += 1;
      this.store.put({ ...rules, revision: this.#revision }, "bootstrap");
    } catch (error) {
      this.listener.failed(`${this.#path}: ${(error as Error).message}`, false);
    }
  }
}

/** Either a ruleset, or the value that each flag answers everybody with. */
function parse(content: unknown): Ruleset {
  if (isRuleset(content)) return content;
  if (typeof content !== "object" || content === null || Array.isArray(content) || "format" in content) {
    throw new Error("expected a ruleset, or an object with a value for each flag");
  }
  return rulesetOf(new Map(Object.entries(content as Record<string, JsonValue>)), 0);
}
