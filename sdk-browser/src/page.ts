/** Whether nobody looks at the page. */
export const isHidden = (): boolean => globalThis.document?.visibilityState === "hidden";

/** Listens on the window, where there is one. Returns what ends it. */
export function listen(listeners: Record<string, () => unknown>): () => void {
  const each = (method: "addEventListener" | "removeEventListener") => () => {
    // Events of the document, such as `visibilitychange`, bubble up to the window.
    for (const name in listeners) globalThis[method]?.(name, listeners[name] as () => void);
  };
  each("addEventListener")();
  return each("removeEventListener");
}
