import type { KillReceipts } from "@lanyard/contract";
import { confirmedWords, milliseconds, stragglerWords } from "../lib/receipt-words.ts";
import classes from "./receipt-count.module.css";
import { TimeAgo } from "./time-ago.tsx";

interface ReceiptCountProps {
  receipts: KillReceipts;
  /** When the kill was made; one that has grown since says when, for everybody was asked again then. */
  at?: string | undefined;
}

/** How many instances a kill took effect in, how fast, and who is missing. */
export function ReceiptCount({ receipts, at }: ReceiptCountProps) {
  const { seen, confirmed, since, sampled, p99Ms, browsers, scope } = receipts;
  const missing = stragglerWords(receipts);
  return (
    <div className={classes.receipts}>
      {!sampled && seen > 0 && (
        <span className={classes.track} data-complete={confirmed === seen || undefined} aria-hidden="true">
          <span className={classes.fill} style={{ width: `${(confirmed / seen) * 100}%` }} />
        </span>
      )}
      <p className={classes.count}>
        <strong>{confirmedWords(receipts)}</strong>
        {p99Ms !== null && <>, p99 {milliseconds(p99Ms)}</>}
        {at !== undefined && Date.parse(since) > Date.parse(at) && (
          <>
            {" · asked again as it grew, "}
            <TimeAgo at={since} />
          </>
        )}
        {browsers && <> · browsers, a sample: {browsers.confirmed.toLocaleString("en")}</>}
        {scope === "this-node" && " · as this node knows"}
      </p>
      {missing && <p className={classes.missing}>{missing}</p>}
    </div>
  );
}
