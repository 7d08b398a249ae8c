import type { ManagedSegment } from "@lanyard/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { Page } from "../../components/page.tsx";
import { QueryState } from "../../components/states.tsx";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { DeleteSegment } from "./delete-segment.tsx";
import { segmentQueries } from "./queries.ts";
import { SegmentEditor } from "./segment-editor.tsx";
import classes from "./segments.module.css";

export function SegmentPage({ segment, history }: { segment: string; history: ReactNode }) {
  const project = useProject();
  const query = useQuery(segmentQueries.detail(project.key, segment));
  return (
    <QueryState query={query}>
      {(data) => (
        <Page
          title={data.name}
          lead={<span className="mono">{data.key}</span>}
          actions={can(project, "segment:edit") && <DeleteSegment segment={data} />}
        >
          <div className={classes.layout}>
            <SegmentEditor key={data.key} segment={data} />
            <aside className={classes.side}>
              <WhereUsed segment={data} />
            </aside>
          </div>
          <h2 className={classes.heading}>History</h2>
          {history}
        </Page>
      )}
    </QueryState>
  );
}

function WhereUsed({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  const environment = (key: string) => project.environments.find((one) => one.key === key);
  return (
    <section className={classes.card} aria-label="Where used">
      <h2 className={classes.cardTitle}>Where used</h2>
      {segment.usedBy.length === 0 ? (
        <p className={classes.quiet}>Nothing uses it yet.</p>
      ) : (
        <ul className={classes.uses}>
          {segment.usedBy.map((use) => (
            <li key={`${use.kind} ${use.key}`}>
              {use.kind === "flag" ? (
                <Link
                  to="/projects/$project/flags/$flag"
                  params={{ project: project.key, flag: use.key }}
                  className={classes.use}
                >
                  {use.key}
                </Link>
              ) : (
                <Link
                  to="/projects/$project/segments/$segment"
                  params={{ project: project.key, segment: use.key }}
                  className={classes.use}
                >
                  {use.key}
                </Link>
              )}
              <span className={classes.places}>
                {use.environments.map((key) => {
                  const found = environment(key);
                  return found ? <EnvironmentName key={key} environment={found} /> : null;
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
