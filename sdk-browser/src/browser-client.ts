import type { Context, JsonValue } from "@lanyard/evaluation";
import { type ClientOptions, type Details, LocalClient } from "@lanyard/sdk-core";
import type { Client } from "./client.ts";
import type { Visitor } from "./visitor.ts";

type Rest<Value> = [fallback: Value] | [context: Context, fallback: Value];

/** The identified context, and the page's comings and goings, around the shared client. */
export class BrowserClient extends LocalClient implements Client {
  readonly #visitor: Visitor;
  readonly #unlisten: () => void;

  constructor(options: ClientOptions, visitor: Visitor) {
    super(options);
    this.#visitor = visitor;
    this.#unlisten = listen({
      pagehide: () => this.leave(),
      visibilitychange: () => document.visibilityState === "hidden" && this.leave(),
      online: () => this.hurry(),
      pageshow: () => this.hurry(),
    });
  }

  get context(): Context {
    return this.#visitor.context;
  }

  identify(given: Context): void {
    const before = this.context;
    this.#visitor.become(given);
    const after = this.context;
    this.save();
    const { evaluator } = this.store;
    // Answers are made once and shared, so another answer is another object.
    const differs = (key: string) => evaluator.evaluate(key, before) !== evaluator.evaluate(key, after);
    this.changed([...evaluator.keys()].filter(differs));
  }

  override boolean(key: string, ...rest: Rest<boolean>): boolean {
    return super.boolean(key, ...this.#whom(rest));
  }

  override string(key: string, ...rest: Rest<string>): string {
    return super.string(key, ...this.#whom(rest));
  }

  override number(key: string, ...rest: Rest<number>): number {
    return super.number(key, ...this.#whom(rest));
  }

  override json<Value extends JsonValue>(key: string, ...rest: Rest<Value>): Value {
    return super.json(key, ...this.#whom(rest));
  }

  override details(key: string, ...rest: Rest<boolean>): Details<boolean>;
  override details(key: string, ...rest: Rest<string>): Details<string>;
  override details(key: string, ...rest: Rest<number>): Details<number>;
  override details<Value extends JsonValue>(key: string, ...rest: Rest<Value>): Details<Value>;
  override details<Value extends JsonValue>(key: string, ...rest: Rest<Value>): Details<Value> {
    return super.details(key, ...this.#whom(rest));
  }

  override close(): Promise<void> {
    this.#unlisten();
    return super.close();
  }

  #whom<Value>(rest: Rest<Value>): [Context, Value] {
    return rest.length === 1 ? [this.context, rest[0]] : rest;
  }
}

/** On the window, where there is one. Returns what ends it. */
function listen(listeners: Record<string, () => void>): () => void {
  if (typeof addEventListener === "undefined") return () => {};
  // Events of the document, such as `visibilitychange`, bubble up to the window.
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener);
  };
}
