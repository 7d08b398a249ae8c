/** Listeners by event name. One that throws harms neither the client nor the others. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Returns what ends the subscription. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    // A listener given twice is called twice, and each subscription ends by itself.
    const own = (event: Events[Name]): void => listener(event);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(own));
    return () => void listeners.delete(own);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch {
        // The application's fault, and not ours to report into its own error handling.
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
