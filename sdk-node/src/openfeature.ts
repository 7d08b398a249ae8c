import type { Client } from "@lanyard/sdk-core";
import {
  type Adapter,
  contextOf,
  createAdapter,
  type News,
  type PatienceOptions,
  type Resolution,
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
} from "@openfeature/server-sdk";
import { nodePlatform } from "./platform.ts";

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
 * Lanyard for `@openfeature/server-sdk`. The client is made when OpenFeature starts the provider and closed when it
 * shuts it down; flags are decided in this process.
 */
export class LanyardProvider implements Provider {
  readonly metadata = { name: "lanyard" } as const;
  readonly runsOn = "server";
  readonly events = new OpenFeatureEventEmitter();
  readonly hooks: Hook[];
  readonly #adapter: Adapter<Client>;

  /** `makeClient` is called at each start: `() => createClient({ url, key })`. */
  constructor(makeClient: () => Client, { hooks = [], ...patience }: ProviderOptions = {}) {
    this.hooks = hooks;
    this.#adapter = createAdapter<Client>({
      ...patience,
      make: makeClient,
      read: (client, key, context, sample) => client.details(key, context, sample),
      unitOf: (_client, { targetingKey }) => targetingKey,
      after: nodePlatform.after,
      tell: (news) => this.#emit(news),
    });
  }

  /** Rejects when there are no rules to decide by in time; the client goes on trying, and the provider tells. */
  async initialize(): Promise<void> {
    const failure = await this.#adapter.start({});
    if (failure) throw new (failure.fatal ? ProviderFatalError : GeneralError)(failure.message);
  }

  onClose(): Promise<void> {
    return this.#adapter.stop();
  }

  async resolveBooleanEvaluation(key: string, fallback: boolean, context: EvaluationContext) {
    return detailsOf(this.#adapter.resolve("boolean", key, contextOf(context), fallback));
  }

  async resolveStringEvaluation(key: string, fallback: string, context: EvaluationContext) {
    return detailsOf(this.#adapter.resolve("string", key, contextOf(context), fallback));
  }

  async resolveNumberEvaluation(key: string, fallback: number, context: EvaluationContext) {
    return detailsOf(this.#adapter.resolve("number", key, contextOf(context), fallback));
  }

  async resolveObjectEvaluation<Value extends JsonValue>(
    key: string,
    fallback: Value,
    context: EvaluationContext,
  ) {
    return detailsOf(this.#adapter.resolve("json", key, contextOf(context), fallback));
  }

  track(name: string, context: EvaluationContext = {}, { value }: TrackingEventDetails = {}): void {
    this.#adapter.client?.track(name, contextOf(context), value === undefined ? {} : { value });
  }

  #emit({ type, ...details }: News): void {
    this.events.emit(EVENTS[type], { ...details, ...(type === "error" && { errorCode: ErrorCode.GENERAL }) });
  }
}

function detailsOf<Value>({ errorCode, ...rest }: Resolution<Value>): ResolutionDetails<Value> {
  return { ...rest, ...(errorCode && { errorCode: ErrorCode[errorCode] }) };
}
