import type { Environment, ManagedSegment, Project } from "@lanyard/contract";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { ConditionEditor } from "../../components/conditions/condition-editor.tsx";
import { ConflictModal, NewerNotice } from "../../components/conflict.tsx";
import { DiffLines } from "../../components/diff-lines.tsx";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { MessageField } from "../../components/message-field.tsx";
import { notifyDone } from "../../components/notify.ts";
import { SavedWarnings } from "../../components/saved-warnings.tsx";
import { UnitList } from "../../components/unit-list.tsx";
import { describeChange } from "../../lib/describe/describe-change.ts";
import { mergeFields } from "../../lib/form-base.ts";
import { can } from "../../lib/permissions.ts";
import { useProject } from "../../lib/project-context.ts";
import { sameJson } from "../../lib/targeting.ts";
import { useFormBase, useKeptEdits } from "../../lib/use-form-base.ts";
import { useSaveSegment } from "./queries.ts";
import { type SegmentFields, savedFields, segmentEdit } from "./segment-fields.ts";
import classes from "./segments.module.css";

export function SegmentEditor({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  const readOnly = !can(project, "segment:edit");
  const saved = savedFields(segment);
  const place = `segment:${project.key}/${segment.key}`;
  const start = useKeptEdits(place, saved);
  const [now, setNow] = useState(start.now);
  const form = useFormBase({ place, saved, start: start.base, now, setNow });
  const [message, setMessage] = useState("");
  const [comparing, compare] = useDisclosure(false);
  const save = useSaveSegment(project.key, segment.key, (next) => {
    form.rebase(savedFields(next));
    setMessage("");
    notifyDone("Saved, for every environment that uses it.");
  });
  const base = form.base.fields;
  const newer = save.isPending ? undefined : form.newer;
  const diff = (after: SegmentFields) => describeChange({ before: base, after });
  const goOn = (next: SegmentFields) => {
    save.reset();
    if (newer) form.rebase(newer, next);
  };
  const merge = newer && mergeFields(base, now, newer.fields);
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        if (newer) return compare.open();
        const edit = segmentEdit(now);
        save.mutate({ body: message ? { ...edit, message } : edit, version: form.base.version });
      }}
    >
      {newer && <NewerNotice onCompare={compare.open} />}
      <Fields fields={now} readOnly={readOnly} onChange={(changed) => setNow({ ...now, ...changed })} />
      {sameJson(now, base) ? (
        <SavedWarnings warnings={save.data?.warnings} onDismiss={save.reset} />
      ) : (
        <section className={classes.save} aria-label="Unsaved changes">
          <DiffLines lines={diff(now)} />
          <Effect segment={segment} />
          <MessageField
            required={placesOf(project, segment).some((place) => place.protected)}
            value={message}
            onChange={setMessage}
          />
          {!newer && <FormError error={save.error} />}
          <div className={classes.foot}>
            <Button variant="default" onClick={() => (newer ? goOn(newer.fields) : setNow(base))}>
              Discard
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save segment
            </Button>
          </div>
        </section>
      )}
      {newer && merge && (
        <ConflictModal
          what="segment"
          opened={comparing}
          onClose={compare.close}
          mine={diff(now)}
          theirs={diff(newer.fields)}
          conflicts={merge.conflicts}
          onDropMine={() => goOn(newer.fields)}
          onPutMineOnTop={() => goOn(merge.merged)}
        />
      )}
    </form>
  );
}

interface FieldsProps {
  fields: SegmentFields;
  readOnly: boolean;
  onChange(changed: Partial<SegmentFields>): void;
}

function Fields({ fields, readOnly, onChange }: FieldsProps) {
  const { when } = fields;
  return (
    <>
      <section className={classes.card} aria-label="Who is in it">
        <h2 className={classes.cardTitle}>In this segment</h2>
        {when ? (
          <ConditionEditor
            condition={when}
            readOnly={readOnly}
            onChange={(next) => onChange({ when: next })}
          />
        ) : (
          <Button
            variant="default"
            disabled={readOnly}
            className={classes.start}
            onClick={() => onChange({ when: { all: [{ attribute: "", operator: "in", values: [] }] } })}
          >
            Add a condition
          </Button>
        )}
        <UnitList
          label="Always in"
          description={`Compared with ${fields.unit}`}
          values={fields.included}
          readOnly={readOnly}
          onChange={(included) => onChange({ included })}
        />
        <UnitList
          label="Never in"
          description="Wins over everything else"
          values={fields.excluded}
          readOnly={readOnly}
          onChange={(excluded) => onChange({ excluded })}
        />
        <TextInput
          label="Unit"
          value={fields.unit}
          readOnly={readOnly}
          onChange={(event) => onChange({ unit: event.currentTarget.value })}
        />
      </section>
      <section className={classes.card} aria-label="About">
        <h2 className={classes.cardTitle}>About</h2>
        <TextInput
          label="Name"
          value={fields.name}
          readOnly={readOnly}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          value={fields.description}
          readOnly={readOnly}
          onChange={(event) => onChange({ description: event.currentTarget.value })}
        />
      </section>
    </>
  );
}

function placesOf({ environments }: Project, { usedBy }: ManagedSegment): Environment[] {
  return environments.filter(({ key }) => usedBy.some((user) => user.environments.includes(key)));
}

/** Says where the edit will be felt. */
function Effect({ segment }: { segment: ManagedSegment }) {
  const project = useProject();
  if (segment.usedBy.length === 0) return null;
  return (
    <p className={classes.effect}>
      Felt by {segment.usedBy.map((one) => one.key).join(", ")} in{" "}
      {placesOf(project, segment).map((environment) => (
        <EnvironmentName key={environment.key} environment={environment} />
      ))}
    </p>
  );
}
