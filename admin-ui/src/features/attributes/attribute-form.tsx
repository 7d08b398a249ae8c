import type { Attribute } from "@lanyard/contract";
import { Alert, Button, Radio, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { FormError } from "../../components/form-error.tsx";
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
  const save = useSaveAttribute(project.key, onDone);
  const forget = useForgetAttribute(project.key, onDone);
  const opens = attribute?.visibility === "private" && form.values.visibility === "public";
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
            description="Tested by servers only; its values never reach a browser"
          />
          <Radio
            value="public"
            label="public"
            description="May be tested in browsers; the values in conditions are readable there"
          />
        </div>
      </Radio.Group>
      {opens && (
        <Alert color="orange">Values that conditions compare it with become readable in browsers.</Alert>
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
