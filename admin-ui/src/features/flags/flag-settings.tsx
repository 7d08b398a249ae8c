import type { FlagDetail } from "@lanyard/contract";
import { Alert, Button, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { ConflictModal, NewerNotice } from "../../components/conflict.tsx";
import { FormError } from "../../components/form-error.tsx";
import { MessageField } from "../../components/message-field.tsx";
import { notifyDone } from "../../components/notify.ts";
import { SavedWarnings } from "../../components/saved-warnings.tsx";
import { describeChange } from "../../lib/describe/describe-change.ts";
import { mergeFields } from "../../lib/form-base.ts";
import { can } from "../../lib/permissions.ts";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import { useFormBase, useKeptEdits } from "../../lib/use-form-base.ts";
import { definitionOf, type FlagFields, flagEdit, savedFields } from "./flag-fields.ts";
import { FlagLifecycle } from "./flag-lifecycle.tsx";
import classes from "./flag-settings.module.css";
import { variationFaults } from "./new-flag.ts";
import { PURPOSES, useEditFlag } from "./queries.ts";
import { VariationFields } from "./variation-fields.tsx";

export function FlagSettings({ flag }: { flag: FlagDetail }) {
  const project = useProject();
  const readOnly = !can(project, "flag:edit") || flag.archivedAt !== null;
  const saved = savedFields(flag);
  const place = `settings:${project.key}/${flag.key}`;
  const start = useKeptEdits(place, saved);
  const form = useForm<FlagFields>({
    initialValues: start.now,
    validate: (values) => variationFaults(flag.type, values.variations),
  });
  const {
    base,
    newer: found,
    rebase,
  } = useFormBase({
    place,
    saved,
    start: start.base,
    now: form.values,
    setNow: form.setValues,
  });
  const [message, setMessage] = useState("");
  const [comparing, compare] = useDisclosure(false);
  const edit = flagEdit(flag.type, base.fields, form.values);
  const touched = Object.keys(edit).length > 0;
  const everywhere = "variations" in edit || "off" in edit || "audience" in edit;
  const asksWhy = everywhere && project.environments.some((environment) => environment.protected);
  const save = useEditFlag(project.key, flag.key, (next) => {
    rebase(savedFields(next));
    setMessage("");
    notifyDone("Saved.");
  });
  const newer = save.isPending ? undefined : found;
  const goOn = (next: FlagFields) => {
    save.reset();
    if (newer) rebase(newer, next);
  };
  const submit = () => {
    if (newer) return compare.open();
    save.mutate(
      { body: message ? { ...edit, message } : edit, version: base.version },
      { onError: (error) => form.setErrors(fieldErrors(error)) },
    );
  };
  return (
    <div className={classes.settings}>
      {newer && <NewerNotice onCompare={compare.open} />}
      <form className={classes.card} onSubmit={form.onSubmit(submit)}>
        <h2 className={classes.title}>About</h2>
        <TextInput label="Name" required readOnly={readOnly} {...form.getInputProps("name")} />
        <Textarea label="Description" readOnly={readOnly} {...form.getInputProps("description")} />
        <div className={classes.pair}>
          <Select
            label="Purpose"
            data={[...PURPOSES]}
            allowDeselect={false}
            readOnly={readOnly}
            {...form.getInputProps("purpose")}
          />
          <TextInput label="Owner" readOnly={readOnly} {...form.getInputProps("owner")} />
        </div>
        <TagsInput label="Tags" readOnly={readOnly} acceptValueOnBlur {...form.getInputProps("tags")} />
        <h2 className={classes.title}>In every environment</h2>
        <VariationFields
          type={flag.type}
          readOnly={readOnly}
          value={{ variations: form.values.variations, off: form.values.off }}
          errors={form.errors}
          onChange={(value) => form.setValues(value)}
        />
        <Select
          label="Audience"
          description="Browsers decide a client flag themselves; what it asks that is private is decided before it leaves"
          data={["server", "client"]}
          allowDeselect={false}
          readOnly={readOnly}
          {...form.getInputProps("audience")}
        />
        {everywhere && <Alert color="orange">This changes the flag in every environment at once.</Alert>}
        {touched && (
          <MessageField
            required={asksWhy}
            error={form.errors.message}
            value={message}
            onChange={setMessage}
          />
        )}
        <FormError error={newer || Object.keys(fieldErrors(save.error)).length > 0 ? null : save.error} />
        <SavedWarnings warnings={save.data?.warnings} onDismiss={save.reset} />
        {!readOnly && (
          <div className={classes.foot}>
            <Button
              variant="default"
              disabled={!touched}
              onClick={() => (newer ? goOn(newer.fields) : form.setValues(base.fields))}
            >
              Discard
            </Button>
            <Button type="submit" disabled={!touched} loading={save.isPending}>
              Save settings
            </Button>
          </div>
        )}
      </form>
      <FlagLifecycle flag={flag} />
      {newer && (
        <FlagConflict
          flag={flag}
          opened={comparing}
          onClose={compare.close}
          base={base.fields}
          mine={form.values}
          theirs={newer.fields}
          onGoOn={goOn}
        />
      )}
    </div>
  );
}

interface FlagConflictProps {
  flag: FlagDetail;
  opened: boolean;
  onClose(): void;
  base: FlagFields;
  mine: FlagFields;
  theirs: FlagFields;
  onGoOn(next: FlagFields): void;
}

function FlagConflict({ flag, opened, onClose, base, mine, theirs, onGoOn }: FlagConflictProps) {
  const { merged, conflicts } = mergeFields(base, mine, theirs);
  const diff = (after: FlagFields) =>
    describeChange({ before: definitionOf(flag.type, base), after: definitionOf(flag.type, after) });
  return (
    <ConflictModal
      what="flag"
      opened={opened}
      onClose={onClose}
      mine={diff(mine)}
      theirs={diff(theirs)}
      conflicts={conflicts}
      onDropMine={() => onGoOn(theirs)}
      onPutMineOnTop={() => onGoOn(merged)}
    />
  );
}
