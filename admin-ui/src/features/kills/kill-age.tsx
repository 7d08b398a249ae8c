import { age, exactTime, timeLeft } from "../../lib/dates.ts";
import { useNow } from "../../lib/use-now.ts";
import type { ActiveKill } from "./queries.ts";

/** Who killed, for how long it has been, and when it ends where that is set. */
export function KillAge({
  kill: { by, at, expiresAt },
}: {
  kill: Omit<ActiveKill, "id" | "reason" | "elements">;
}) {
  const now = useNow(1_000);
  return (
    <>
      {by ? `${by.name}, for` : "For"}{" "}
      <time dateTime={at} title={exactTime(at)}>
        {age(at, now)}
      </time>
      {expiresAt && (
        <>
          , ends by itself in{" "}
          <time dateTime={expiresAt} title={exactTime(expiresAt)}>
            {timeLeft(expiresAt, now)}
          </time>
        </>
      )}
    </>
  );
}
