import type { Environment, Instance, RouteResponse } from "@lanyard/contract";
import { useQuery } from "@tanstack/react-query";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
import { instanceName } from "../../lib/receipt-words.ts";
import { DrillCard } from "./drill-card.tsx";
import classes from "./instances.module.css";
import { instanceQueries } from "./queries.ts";

type Listing = RouteResponse<"GET /api/v1/projects/{project}/environments/{environment}/instances">;

/** Who runs with the environment's rules, and which revision each holds. */
export function InstancesPanel({ environment }: { environment: Environment }) {
  const project = useProject();
  const query = useQuery(instanceQueries.of(project.key, environment.key));
  return (
    <QueryState query={query}>
      {(listing) => (
        <div className={classes.panel}>
          <Summary listing={listing} />
          {listing.scope === "this-node" && (
            <p className={classes.quiet}>As this node knows: other nodes are not heard.</p>
          )}
          <DrillCard environment={environment} drill={listing.drill} instances={total(listing)} />
          {listing.items.length === 0 ? (
            <EmptyState title="No instance has been heard of">
              An application that connects with a server key of {environment.name} shows here within seconds.
            </EmptyState>
          ) : (
            <Rows label="Instances">
              {listing.items.map((instance) => (
                <InstanceRow key={instance.id} instance={instance} />
              ))}
            </Rows>
          )}
          {total(listing) > listing.items.length && (
            <p className={classes.quiet}>Those that need a look come first; the others are not listed.</p>
          )}
        </div>
      )}
    </QueryState>
  );
}

const total = ({ counts }: Listing) => counts.current + counts.behind + counts.stale;

function Summary({ listing }: { listing: Listing }) {
  const { counts, revision, epoch, streams } = listing;
  return (
    <dl className={classes.summary}>
      <div>
        <dt>On revision {revision.toLocaleString("en")}</dt>
        <dd title={`Epoch ${epoch}`}>{counts.current.toLocaleString("en")}</dd>
      </div>
      <div>
        <dt>Behind</dt>
        <dd>{counts.behind.toLocaleString("en")}</dd>
      </div>
      <div>
        <dt>Not heard of</dt>
        <dd>{counts.stale.toLocaleString("en")}</dd>
      </div>
      <div>
        <dt>Streams of this node, browsers too</dt>
        <dd>{streams.toLocaleString("en")}</dd>
      </div>
    </dl>
  );
}

const STATE_WORDS: Record<Instance["state"], string> = {
  current: "Up to date",
  behind: "Behind",
  stale: "Not heard of",
};

/** What a proxy or a fault of ours did to it, where something did. */
function faultWords({ refusedFrames = 0, mismatches = 0 }: Instance): string {
  const refused = refusedFrames > 0 ? ` · damaged messages refused: ${refusedFrames}` : "";
  const differed = mismatches > 0 ? ` · rules fetched again because they differed: ${mismatches}` : "";
  return refused + differed;
}

function InstanceRow({ instance }: { instance: Instance }) {
  return (
    <Row
      muted={instance.state === "stale"}
      main={instanceName(instance)}
      sub={
        <>
          <span className="mono">{instance.id.slice(0, 8)}</span>
          {instance.sdk && <> · {instance.sdk}</>}
          {faultWords(instance)}
        </>
      }
      facts={
        <>
          <span className={classes.state} data-state={instance.state}>
            {STATE_WORDS[instance.state]}
          </span>
          <span title={`Epoch ${instance.epoch}`}>Revision {instance.revision.toLocaleString("en")}</span>
          <TimeAgo at={instance.seenAt} />
        </>
      }
    />
  );
}
