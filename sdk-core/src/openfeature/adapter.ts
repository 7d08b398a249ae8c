import type { Context, JsonValue } from "@lanyard/evaluation";
import type { ClientLife } from "../client.ts";
import type { Platform } from "../platform.ts";
import type { Details, ValueType } from "../reads.ts";
import type { Status } from "../status.ts";
import { type News, type Teller, tellOf } from "./news.ts";
import { failed, type Resolution, resolutionOf, SAMPLES } from "./resolution.ts";

/** What a provider may be told about its patience. */
export interface PatienceOptions {
  /** How long `initialize` waits for the first rules; 5,000 unless given, and OpenFeature's users expect less than 10,000. */
  initTimeoutMs?: number | undefined;
  /** How long contact may be lost before the provider is in error rather than stale; 30,000 unless given. */
  graceMs?: number | undefined;
}

/** As much of a client as both SDKs' have. */
export type AdaptedClient = Pick<ClientLife, "status" | "ready" | "on" | "close"> & {
  isStatic(key: string): boolean;
};

interface Options<Client> extends PatienceOptions {
  make(context: Context): Client;
  read(client: Client, key: string, context: Context, sample: JsonValue): Details<JsonValue>;
  /** Whom the client decides for. */
  unitOf(client: Client, context: Context): unknown;
  after: Platform["after"];
  tell(news: News): void;
}

/** Why a provider did not start. It goes on trying all the same, and tells when it succeeds. */
export interface StartFailure {
  /** The key is refused, so that waiting helps only once somebody has acted. */
  fatal: boolean;
  message: string;
}

/** What the providers for server and web have in common: one client, from `start` to `stop`. */
export interface Adapter<Client> {
  /** Absent before `start` and after `stop`. */
  readonly client: Client | undefined;
  /** Resolves once flags can be decided, or with what is in the way. */
  start(context: Context): Promise<StartFailure | undefined>;
  /**
   * Lets the client decide for somebody else; OpenFeature itself tells of that. A promise where their rules have to come
   * from a server first: it resolves once they are there, or with what is in the way.
   */
  reconcile(change: (client: Client) => void): Promise<StartFailure | undefined> | undefined;
  resolve<Value>(type: ValueType, key: string, context: Context, fallback: Value): Resolution<Value>;
  stop(): Promise<void>;
}

const INIT_TIMEOUT_MS = 5_000;
const GRACE_MS = 30_000;
const KEY_REFUSED: readonly unknown[] = [401, 403];

export function createAdapter<Client extends AdaptedClient>(options: Options<Client>): Adapter<Client> {
  const { initTimeoutMs = INIT_TIMEOUT_MS, graceMs = GRACE_MS, after } = options;
  let client: Client | undefined;
  let teller: Teller | undefined;
  let quiet = false;

  const tell = (news: News): void => {
    if (!quiet) options.tell(news);
  };

  /** OpenFeature concludes as soon as it has what it asked for; then it hears what is otherwise. */
  function concluded(standing: "ready" | "error"): void {
    void Promise.resolve().then(() => teller?.assume(standing));
  }

  async function rulesOf(changed: Client): Promise<StartFailure | undefined> {
    quiet = true;
    const failure = failureOf(await changed.ready({ timeoutMs: initTimeoutMs }));
    quiet = false;
    concluded(failure ? "error" : "ready");
    return failure;
  }

  async function stop(): Promise<void> {
    const stopped = client;
    client = undefined;
    teller?.stop();
    await stopped?.close();
  }

  return {
    get client() {
      return client;
    },
    async start(context) {
      void stop();
      const made = options.make(context);
      client = made;
      const settled = made.ready({ timeoutMs: initTimeoutMs });
      const status = hasRules(made.status()) ? made.status() : await settled;
      if (client !== made) return { fatal: false, message: "the provider was closed meanwhile" };
      const failure = failureOf(status);
      teller = tellOf(made, after, graceMs, failure ? "error" : "ready", tell);
      return failure;
    },
    reconcile(change) {
      if (!client) return undefined;
      quiet = true;
      try {
        change(client);
      } finally {
        quiet = false;
      }
      if (!hasRules(client.status())) return rulesOf(client);
      concluded("ready");
      return undefined;
    },
    resolve(type, key, context, fallback) {
      if (!client) return failed("PROVIDER_NOT_READY", fallback);
      const { environmentId, state } = client.status();
      if (state === "empty") return failed("PROVIDER_NOT_READY", fallback);
      const details = options.read(client, key, context, SAMPLES[type]);
      const unit = options.unitOf(client, context);
      return resolutionOf(details, fallback, client.isStatic(key), {
        flagSetId: environmentId,
        version: String(details.revision),
        ...((typeof unit === "string" || typeof unit === "number") && { contextId: String(unit) }),
      });
    },
    stop,
  };
}

const hasRules = ({ source }: Status): boolean => source !== "none";

/** A client that has rules can decide, whatever else is in the way. */
function failureOf(status: Status): StartFailure | undefined {
  const { state, lastError } = status;
  if (state !== "closed" && hasRules(status)) return undefined;
  return {
    fatal: KEY_REFUSED.includes(lastError?.status),
    message:
      lastError?.message ?? (state === "closed" ? "the client is closed" : "no server has answered yet"),
  };
}
