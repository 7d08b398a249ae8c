import type { JsonValue } from "@lanyard/evaluation";
import type { FlagKey } from "./flag-keys.ts";
import type { GivenContext, GivenJson } from "./given.ts";
import type { Details } from "./reads.ts";
import type { Status } from "./status.ts";
import type { KillEvent } from "./store.ts";

export interface ClientEvents {
  /** Another state, revision, source or failure. */
  status: Status;
  /** The keys whose answer can have changed, and no others. */
  change: { keys: string[]; revision: number };
  /** Kills or lifts that were not known before. */
  kill: KillEvent;
}

/** What a client knows about itself, tells and ends with. */
export interface ClientLife {
  /** Where the client stands now. */
  status(): Status;
  /**
   * Settles with the status once a server has confirmed the rules or refused the key, when there is no server to wait
   * for, or after `timeoutMs` (5,000 unless given). Never rejects.
   */
  ready(options?: { timeoutMs?: number | undefined }): Promise<Status>;
  /** Calls the listener at every such event. Returns what ends that. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void;
  /**
   * Counts that the metric happened, and sums its value. Sent with the next flush; a value that is no finite number is
   * left out.
   */
  track(metric: string, context: GivenContext, options?: { value?: number | undefined }): void;
  /** Sends what was counted. Never rejects; `true` when the server has all of it. */
  flush(): Promise<boolean>;
  /** Sends usage a last time and ends connection and timers. Reads go on answering from the last rules. */
  close(): Promise<void>;
}

/** Reads are synchronous, from memory, and never throw. Every read is counted. */
export interface Client extends ClientLife {
  /** Whether the flag answers everybody alike, until `change` names it. */
  isStatic(key: string): boolean;
  /** What the flag decides for this context; the default when there is no such flag or it is not boolean. */
  boolean(key: FlagKey<"boolean">, context: GivenContext, fallback: boolean): boolean;
  /** As `boolean`, for strings. */
  string(key: FlagKey<"string">, context: GivenContext, fallback: string): string;
  /** As `boolean`, for numbers. */
  number(key: FlagKey<"number">, context: GivenContext, fallback: number): number;
  /** As `boolean`, for JSON. The value is frozen, since all who read it share it. `Value` is the caller's word. */
  json<List extends readonly unknown[] = JsonValue[]>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: readonly [],
  ): List;
  json<Value extends GivenJson = JsonValue>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: null,
  ): Value | null;
  json<Value extends GivenJson>(key: FlagKey<"json">, context: GivenContext, fallback: Value): Value;
  /** The value with all that explains it, read by the type of the default. */
  details(key: FlagKey<"boolean">, context: GivenContext, fallback: boolean): Details<boolean>;
  details(key: FlagKey<"string">, context: GivenContext, fallback: string): Details<string>;
  details(key: FlagKey<"number">, context: GivenContext, fallback: number): Details<number>;
  details<List extends readonly unknown[] = JsonValue[]>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: readonly [],
  ): Details<List>;
  details<Value extends GivenJson = JsonValue>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: null,
  ): Details<Value | null>;
  details<Value extends GivenJson>(
    key: FlagKey<"json">,
    context: GivenContext,
    fallback: Value,
  ): Details<Value>;
}
