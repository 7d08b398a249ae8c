import type { Attribute } from "@lanyard/contract";
import { Alert, Button, Radio, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { FormError } from "../../components/form-error.tsx";
import { SavedWarnings } from "../../components/saved-warnings.tsx";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./attributes.module.css";
import { useForgetAttribute, useSaveAttribute } from "./queries.ts";

const TYPES: Attribute["type"][] = ["string", "number", "boolean", "version", "date", "list"];

export function AttributeForm({ attribute, onDone }: { attribute: Attribute | undefined; onDone(): void }) {
  const project = useProject();
  const form = useForm<Attribute>({
    initialValues: attribute ?? { name: "", type: "string", visibility: "private", description: "" },
  });
  const save = useSaveAttribute(project.key, ({ warnings }) => {
    if (warnings.length === 0) onDone();
  });
  const forget = useForgetAttribute(project.key, onDone);
  const closes = attribute?.visibility === "public" && form.values.visibility === "private";
  const opens = attribute?.visibility === "private" && form.values.visibility === "public";
  if (save.data?.warnings.length) return <SavedWarnings warnings={save.data.warnings} onDismiss={onDone} />;
  return (
    <form
      className={classes.form}
      onSubmit={form.onSubmit((values) =>
        save.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
      )}
    >
      <TextInput
        label="Name"
        description="As it stands in the context, dotted where it is nested: company.plan"
        required
        readOnly={attribute !== undefined}
        data-autofocus
        spellCheck={false}
        {...form.getInputProps("name")}
      />
      <Select label="Type" data={TYPES} allowDeselect={false} {...form.getInputProps("type")} />
      <Radio.Group label="Visibility" {...form.getInputProps("visibility")}>
        <div className={classes.choices}>
          <Radio
            value="private"
            label="private"
            description="Decided before flags leave for a browser, by what your backend has signed about the user; what a page says of it counts for nothing"
          />
          <Radio
            value="public"
            label="public"
            description="Tested in the browser, by what the page says; whoever opens the page can read the values in conditions, and claim any"
          />
        </div>
      </Radio.Group>
      {opens && (
        <Alert color="orange">
          Values that flags for browsers compare it with become readable there, in every environment at once.
        </Alert>
      )}
      {closes && (
        <Alert color="orange">
          Conditions on it hold in browsers only for users whose context your backend has signed.
        </Alert>
      )}
      <TextInput label="Description" {...form.getInputProps("description")} />
      <FormError
        error={(Object.keys(fieldErrors(save.error)).length > 0 ? null : save.error) ?? forget.error}
      />
      <div className={classes.foot}>
        {attribute && (
          <Button
            variant="subtle"
            color="red"
            loading={forget.isPending}
            onClick={() => forget.mutate(attribute.name)}
          >
            Forget
          </Button>
        )}
        <Button type="submit" loading={save.isPending}>
          {attribute ? "Save attribute" : "Register"}
        </Button>
      </div>
    </form>
  );
}
