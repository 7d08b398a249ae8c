import type { ManagedSegment } from "@lanyard/contract";
import { Alert, Button, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ConditionEditor } from "../../components/conditions/condition-editor.tsx";
import { DiffLines } from "../../components/diff-lines.tsx";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { notifyDone } from "../../components/notify.ts";
import { Page } from "../../components/page.tsx";
import { QueryState } from "../../components/states.tsx";
import { UnitList } from "../../components/unit-list.tsx";
import { describeChange } from "../../lib/describe/describe-change.ts";
import { can } from "../../lib/permissions.ts";
import { isCode } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import { sameJson } from "../../lib/targeting.ts";
import { DeleteSegment } from "./delete-segment.tsx";
import { segmentQueries, useSaveSegment } from "./queries.ts";
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
            <SegmentEditor key={data.revision} segment={data} />
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

type Content = ManagedSegment["content"];
type Draft = Pick<ManagedSegment, "name" | "description" | "content">;

const draftOf = ({ name, description, content }: ManagedSegment): Draft => ({ name, description, content });

function SegmentEditor({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  const readOnly = !can(project, "segment:edit");
  const [draft, setDraft] = useState(() => draftOf(segment));
  const [message, setMessage] = useState("");
  const save = useSaveSegment(project.key, segment.key, () =>
    notifyDone("Saved, for every environment that uses it."),
  );
  const saved = draftOf(segment);
  const dirty = !sameJson(draft, saved);
  const set = (changed: Partial<Content>) =>
    setDraft({ ...draft, content: { ...draft.content, ...changed } });
  const { when } = draft.content;
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ body: message ? { ...draft, message } : draft, revision: segment.revision });
      }}
    >
      <section className={classes.card} aria-label="Who is in it">
        <h2 className={classes.cardTitle}>In this segment</h2>
        {when ? (
          <ConditionEditor condition={when} readOnly={readOnly} onChange={(next) => set({ when: next })} />
        ) : (
          <Button
            variant="default"
            disabled={readOnly}
            className={classes.start}
            onClick={() => set({ when: { all: [{ attribute: "", operator: "in", values: [] }] } })}
          >
            Add a condition
          </Button>
        )}
        <UnitList
          label="Always in"
          description={`Compared with ${draft.content.unit}`}
          values={draft.content.included}
          readOnly={readOnly}
          onChange={(included) => set({ included })}
        />
        <UnitList
          label="Never in"
          description="Wins over everything else"
          values={draft.content.excluded}
          readOnly={readOnly}
          onChange={(excluded) => set({ excluded })}
        />
        <TextInput
          label="Unit"
          value={draft.content.unit}
          readOnly={readOnly}
          onChange={(event) => set({ unit: event.currentTarget.value })}
        />
      </section>
      <section className={classes.card} aria-label="About">
        <h2 className={classes.cardTitle}>About</h2>
        <TextInput
          label="Name"
          value={draft.name}
          readOnly={readOnly}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          value={draft.description}
          readOnly={readOnly}
          onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
        />
      </section>
      {dirty && (
        <section className={classes.save} aria-label="Unsaved changes">
          <DiffLines lines={describeChange({ before: saved, after: draft })} />
          <Effect segment={segment} />
          <TextInput
            label="Message"
            description="Stands in the history"
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          {isCode(save.error, "revision-conflict") ? (
            <Alert color="orange">
              Someone saved this segment in the meantime. Reload to see theirs; copy yours first.
            </Alert>
          ) : (
            <FormError error={save.error} />
          )}
          <div className={classes.foot}>
            <Button variant="default" onClick={() => setDraft(saved)}>
              Discard
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save segment
            </Button>
          </div>
        </section>
      )}
    </form>
  );
}

/** Says where the edit will be felt. */
function Effect({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  const keys = new Set(segment.usedBy.flatMap((one) => one.environments));
  const places = project.environments.filter((one) => keys.has(one.key));
  if (segment.usedBy.length === 0) return null;
  return (
    <p className={classes.effect}>
      Felt by {segment.usedBy.map((one) => one.key).join(", ")} in{" "}
      {places.map((environment) => (
        <EnvironmentName key={environment.key} environment={environment} />
      ))}
    </p>
  );
}

function WhereUsed({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  const environment = (key: string) => project.environments.find((one) => one.key === key);
  return (
    <section className={classes.card} aria-label="Where used">
      <h2 className={classes.cardTitle}>Where used</h2>
      {segment.usedBy.length === 0 && <p className={classes.quiet}>Nothing uses it yet.</p>}
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
    </section>
  );
}
