import { exactTime, relativeTime } from "../lib/dates.ts";
import { useNow } from "../lib/use-now.ts";

/** Relative, with the exact time on hover. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow(20_000);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
