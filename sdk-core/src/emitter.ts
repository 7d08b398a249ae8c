/** Listeners by event name. One that throws harms neither the client nor the others. */
export interface Emitter<Events extends object> {
  /** Returns what ends the subscription. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void;
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
  clear(): void;
}

export function createEmitter<Events extends object>(): Emitter<Events> {
  // A listener given twice is called twice, and each subscription ends by itself.
  const subscriptions = new Set<{ name: keyof Events; listener: (event: never) => void }>();
  return {
    on(name, listener) {
      const subscription = { name, listener };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    emit(name, event) {
      for (const each of [...subscriptions]) {
        try {
          if (each.name === name) Promise.resolve(each.listener(event as never)).catch(() => {});
        } catch {
          // The application's fault, and not ours to report into its own error handling.
        }
      }
    },
    clear: () => subscriptions.clear(),
  };
}
