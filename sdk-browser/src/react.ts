"use client";
import type { JsonValue } from "@lanyard/evaluation";
import type { FlagKey, GivenJson, Status, TypeOfValue } from "@lanyard/sdk-core";
import {
  createContext,
  createElement,
  type FunctionComponentElement,
  type ProviderProps,
  type ReactNode,
  useContext,
  useMemo,
  useSyncExternalStore,
} from "react";
import type { Client } from "./client.ts";

/** What a read needs, of this package's client or any other. */
type Source = Pick<Client, "details" | "on" | "status">;

interface Sources {
  client: Source;
  /** What the server rendered by, for the first render in the browser. */
  rendered: Source;
}

export interface LanyardProviderProps {
  client: Source;
  /**
   * With server rendering: a client of the bootstrap and the context that the page was rendered by. The first render in
   * the browser reads from it, so that it finds what it expects; newer answers follow at once.
   */
  rendered?: Source | undefined;
  children?: ReactNode;
}

const Lanyard = createContext<Sources | undefined>(undefined);

/** Gives the hooks below it their client. */
export function LanyardProvider({
  client,
  rendered = client,
  children,
}: LanyardProviderProps): FunctionComponentElement<ProviderProps<Sources | undefined>> {
  const value = useMemo(() => ({ client, rendered }), [client, rendered]);
  return createElement(Lanyard.Provider, { value }, children);
}

/** The flag's value, read by the type of the default; renders again when its answer changes. */
export function useFlag<List extends readonly unknown[] = JsonValue[]>(
  key: FlagKey<"json">,
  fallback: readonly [],
): List;
export function useFlag<Value extends GivenJson = JsonValue>(
  key: FlagKey<"json">,
  fallback: null,
): Value | null;
export function useFlag<Value extends GivenJson>(
  key: FlagKey<TypeOfValue<Value>>,
  fallback: Value,
): Widened<Value>;
export function useFlag(key: string, fallback: GivenJson): unknown {
  return useValues({ [key]: fallback })[key];
}

/** The values of several flags, each with its default; renders again when an answer changes. */
export function useFlags<Defaults extends Record<string, GivenJson>>(
  defaults: Defaults & Known<Defaults>,
): { [Key in keyof Defaults]: Widened<Defaults[Key]> } {
  return useValues(defaults) as { [Key in keyof Defaults]: Widened<Defaults[Key]> };
}

/** The defaults whose keys name flags of their types. */
type Known<Defaults> = {
  [Key in keyof Defaults]: Key extends FlagKey<TypeOfValue<Defaults[Key]>> ? Defaults[Key] : never;
};

function useValues(defaults: Record<string, GivenJson>): Record<string, unknown> {
  // Written out, defaults are the same as long as they say the same: the first of them answer.
  return useWatched(JSON.stringify(defaults), "change", ({ details }) => {
    const entries = Object.entries(defaults);
    return Object.fromEntries(entries.map(([key, fallback]) => [key, details(key, fallback).value]));
  });
}

/** Where the client stands, but for its age, which grows all the time; renders again when that changes. */
export function useStatus(): Omit<Status, "ageMs"> {
  return useWatched("status", "status", ({ status }) => {
    const { ageMs: _, ...rest } = status();
    return rest;
  });
}

/** `true` is a boolean that is expected, and not a `true` that is promised; null and an empty list promise nothing. */
type Widened<Value> = [Value] extends [null]
  ? JsonValue
  : [Value] extends [readonly never[]]
    ? JsonValue[]
    : Value extends boolean
      ? boolean
      : Value extends string
        ? string
        : Value extends number
          ? number
          : Value;

/** `name` tells one question from another. */
function useWatched<Answer>(
  name: string,
  event: "change" | "status",
  ask: (source: Source) => Answer,
): Answer {
  const sources = useContext(Lanyard);
  if (!sources) throw new Error("Lanyard's hooks are used below a LanyardProvider");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `name` stands for what is asked.
  const { subscribe, now, first } = useMemo(() => {
    const { client, rendered } = sources;
    const now = remembered(() => ask(client));
    const subscribe = (again: () => void): (() => void) => {
      // Something may have changed since the first render.
      now.forget();
      return client.on(event, () => {
        now.forget();
        again();
      });
    };
    return { subscribe, now: now.get, first: remembered(() => ask(rendered)).get };
  }, [sources, name, event]);
  return useSyncExternalStore(subscribe, now, first);
}

/** Asks once until it is to forget, and gives the same object while it says the same: rendering reads again and again. */
function remembered<Answer>(ask: () => Answer): { get(): Answer; forget(): void } {
  let answer: Answer;
  let written: string | undefined;
  let isKnown = false;
  return {
    get() {
      if (isKnown) return answer;
      isKnown = true;
      const asked = ask();
      const next = JSON.stringify(asked);
      if (next !== written) answer = asked;
      written = next;
      return answer;
    },
    forget() {
      isKnown = false;
    },
  };
}
