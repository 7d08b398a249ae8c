import type { Context } from "@lanyard/evaluation";
import {
  type Adapter,
  contextOf,
  createAdapter,
  type News,
  type PatienceOptions,
  type Resolution,
  type StartFailure,
} from "@lanyard/sdk-core/openfeature";
import {
  ErrorCode,
  type EvaluationContext,
  GeneralError,
  type Hook,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/web-sdk";
import type { Client } from "./client.ts";
import { browserPlatform } from "./platform.ts";

export interface ProviderOptions extends PatienceOptions {
  /** Hooks that run around every evaluation by this provider. */
  hooks?: Hook[] | undefined;
}

const EVENTS = {
  ready: ProviderEvents.Ready,
  stale: ProviderEvents.Stale,
  error: ProviderEvents.Error,
  changed: ProviderEvents.ConfigurationChanged,
} as const;

/**
 * Lanyard for `@openfeature/web-sdk`. The client is made when OpenFeature starts the provider and closed when it shuts
 * it down; flags are decided in this page, for the context that OpenFeature has.
 */
export class LanyardProvider implements Provider {
  readonly metadata = { name: "lanyard" } as const;
  readonly runsOn = "client";
  /** A client decides for one context, and each domain has its own. */
  readonly domainScoped = true;
  readonly events = new OpenFeatureEventEmitter();
  readonly hooks: Hook[];
  readonly #adapter: Adapter<Client>;

  /** `makeClient` is called at each start: `(context) => createClient({ url, key, context })`. */
  constructor(makeClient: (context: Context) => Client, { hooks = [], ...patience }: ProviderOptions = {}) {
    this.hooks = hooks;
    this.#adapter = createAdapter<Client>({
      ...patience,
      make: makeClient,
      read: (client, key, _context, sample) => client.details(key, sample),
      unitOf: ({ context }) => context.targetingKey,
      after: browserPlatform.after,
      tell: (news) => this.#emit(news),
    });
  }

  /** Rejects when there are no rules to decide by in time; the client goes on trying, and the provider tells. */
  async initialize(context: EvaluationContext = {}): Promise<void> {
    throwFailure(await this.#adapter.start(contextOf(context)));
  }

  /** Local and done at once, unless what is signed about another user has to be sent first. */
  onContextChange(_before: EvaluationContext, context: EvaluationContext): Promise<void> | undefined {
    return this.#adapter.reconcile((client) => client.identify(contextOf(context)))?.then(throwFailure);
  }

  onClose(): Promise<void> {
    return this.#adapter.stop();
  }

  resolveBooleanEvaluation(key: string, fallback: boolean) {
    return detailsOf(this.#adapter.resolve("boolean", key, {}, fallback));
  }

  resolveStringEvaluation(key: string, fallback: string) {
    return detailsOf(this.#adapter.resolve("string", key, {}, fallback));
  }

  resolveNumberEvaluation(key: string, fallback: number) {
    return detailsOf(this.#adapter.resolve("number", key, {}, fallback));
  }

  resolveObjectEvaluation<Value extends JsonValue>(key: string, fallback: Value) {
    return detailsOf(this.#adapter.resolve("json", key, {}, fallback));
  }

  track(name: string, _context: EvaluationContext = {}, { value }: TrackingEventDetails = {}): void {
    this.#adapter.client?.track(name, value === undefined ? {} : { value });
  }

  #emit({ type, ...details }: News): void {
    this.events.emit(EVENTS[type], { ...details, ...(type === "error" && { errorCode: ErrorCode.GENERAL }) });
  }
}

function throwFailure(failure: StartFailure | undefined): void {
  if (failure) throw new (failure.fatal ? ProviderFatalError : GeneralError)(failure.message);
}

function detailsOf<Value>({ errorCode, ...rest }: Resolution<Value>): ResolutionDetails<Value> {
  return { ...rest, ...(errorCode && { errorCode: ErrorCode[errorCode] }) };
}
