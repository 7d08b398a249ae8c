import { type RefCallback, useCallback, useState } from "react";

/** How far beyond the window counts as near: what is scrolled to is there before it is seen. */
const MARGIN = "1200px 0px";

/** Whether the element with this `ref` has come near the window; stays so from then on, and may be so `already`. */
export function useNear(already: boolean): { ref: RefCallback<Element>; isNear: boolean } {
  const [isNear, setNear] = useState(already);
  const ref = useCallback(
    (element: Element | null) => {
      if (isNear || !element) return undefined;
      const isSeen = ([entry]: IntersectionObserverEntry[]) => entry?.isIntersecting && setNear(true);
      const observer = new IntersectionObserver(isSeen, { rootMargin: MARGIN });
      observer.observe(element);
      return () => observer.disconnect();
    },
    [isNear],
  );
  return { ref, isNear };
}
