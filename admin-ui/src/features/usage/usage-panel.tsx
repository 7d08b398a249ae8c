import type { Environment, FlagDetail, FlagUsage } from "@lanyard/contract";
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
import { variationColor } from "../../lib/variation-colors.ts";
import { usageQueries } from "./queries.ts";
import classes from "./usage.module.css";
import { UsageChart } from "./usage-chart.tsx";
import { sharesOf } from "./usage-columns.ts";

const WINDOWS = [
  { value: "15", label: "15 min" },
  { value: "60", label: "1 h" },
  { value: "360", label: "6 h" },
  { value: "1440", label: "24 h" },
];

interface UsagePanelProps {
  flag: FlagDetail;
  environment: Environment;
}

/** What connected SDKs counted. */
export function UsagePanel({ flag, environment }: UsagePanelProps) {
  const project = useProject();
  const [minutes, setMinutes] = useState("60");
  const query = useQuery(usageQueries.flag(project.key, flag.key, environment.key, Number(minutes)));
  return (
    <section className={classes.panel} aria-label="Evaluations">
      <header className={classes.head}>
        <h2 className={classes.title}>Evaluations</h2>
        <SegmentedControl
          size="xs"
          aria-label="Window"
          data={WINDOWS}
          value={minutes}
          onChange={setMinutes}
        />
      </header>
      <QueryState query={query}>
        {(usage) =>
          usage.totals.length === 0 ? (
            <EmptyState title={usage.lastSeenAt ? "Not evaluated lately" : "Not evaluated yet"}>
              {usage.lastSeenAt ? (
                <>
                  SDKs last evaluated it <TimeAgo at={usage.lastSeenAt} />.
                </>
              ) : (
                `When an SDK connected to ${environment.name} evaluates it, the counts appear here.`
              )}
            </EmptyState>
          ) : (
            <>
              <UsageChart flag={flag} usage={usage} minutes={Number(minutes)} />
              <Totals flag={flag} usage={usage} />
            </>
          )
        }
      </QueryState>
    </section>
  );
}

function Totals({ flag, usage }: { flag: FlagDetail; usage: FlagUsage }) {
  return (
    <div className={classes.tables}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Variation</th>
            <th scope="col" className={classes.count}>
              Evaluations
            </th>
            <th scope="col" className={classes.count}>
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {sharesOf(usage.totals).map(({ variation, count, share }) => (
            <tr key={variation}>
              <td>
                <span
                  className={classes.swatch}
                  style={{ background: variationColor(flag.variations, flag.off, variation ?? "") }}
                />
                <span className="mono">{variation ?? "caller's default"}</span>
              </td>
              <td className={classes.count}>{count.toLocaleString("en")}</td>
              <td className={classes.count}>{(share * 100).toFixed(share < 0.1 && share > 0 ? 2 : 1)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Variation</th>
            <th scope="col" className={classes.count}>
              Evaluations
            </th>
          </tr>
        </thead>
        <tbody>
          {usage.totals.map((entry) => (
            <tr key={`${entry.reason} ${entry.variation}`}>
              <td>{entry.reason}</td>
              <td className="mono">{entry.variation ?? "–"}</td>
              <td className={classes.count}>{entry.count.toLocaleString("en")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One line for the head of the flag's page. */
export function UsageLine({ flag, environment }: UsagePanelProps) {
  const project = useProject();
  const { data } = useQuery(usageQueries.flag(project.key, flag.key, environment.key, 60));
  if (!data) return <span className={classes.line}>{"\u00a0"}</span>;
  const total = data.totals.reduce((sum, entry) => sum + entry.count, 0);
  if (total === 0) {
    return (
      <span className={classes.line}>
        {data.lastSeenAt ? (
          <>
            Last evaluated <TimeAgo at={data.lastSeenAt} />
          </>
        ) : (
          "Not evaluated yet"
        )}
      </span>
    );
  }
  return (
    <span className={classes.line}>
      {total.toLocaleString("en")} evaluations in the last hour:{" "}
      {sharesOf(data.totals)
        .slice(0, 3)
        .map(({ variation, share }) => `${variation ?? "default"} ${(share * 100).toFixed(1)} %`)
        .join(", ")}
    </span>
  );
}
