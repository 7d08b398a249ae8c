import type { FlagDetail, RouteInput } from "@lanyard/contract";
import { Alert, Button, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormError } from "../../components/form-error.tsx";
import { notifyDone } from "../../components/notify.ts";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { can } from "../../lib/permissions.ts";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import { sameJson } from "../../lib/targeting.ts";
import { FlagLifecycle } from "./flag-lifecycle.tsx";
import classes from "./flag-settings.module.css";
import { parsedVariations, type VariationText, valueText, variationFaults } from "./new-flag.ts";
import { PURPOSES } from "./queries.ts";
import { VariationFields } from "./variation-fields.tsx";

type Edit = NonNullable<RouteInput<"PATCH /api/v1/projects/{project}/flags/{flag}">["body"]>;

type Values = Pick<FlagDetail, "name" | "description" | "purpose" | "tags" | "owner" | "off" | "audience"> & {
  variations: VariationText[];
};

const valuesOf = (flag: FlagDetail): Values => ({
  name: flag.name,
  description: flag.description,
  purpose: flag.purpose,
  tags: flag.tags,
  owner: flag.owner,
  off: flag.off,
  audience: flag.audience,
  variations: flag.variations.map((one) => ({ id: one.id, text: valueText(one.value) })),
});

/** Only what differs: a definition that is not touched needs no permission for every environment. */
function editOf(flag: FlagDetail, values: Values): Edit {
  const { variations, ...rest } = values;
  const next = { ...rest, variations: parsedVariations(flag.type, variations) };
  return Object.fromEntries(
    Object.entries(next).filter(([name, value]) => !sameJson(value, flag[name as keyof typeof next])),
  );
}

export function FlagSettings({ flag }: { flag: FlagDetail }) {
  const project = useProject();
  const client = useQueryClient();
  const readOnly = !can(project, "flag:edit") || flag.archivedAt !== null;
  const form = useForm<Values>({
    initialValues: valuesOf(flag),
    validate: (values) => variationFaults(flag.type, values.variations),
  });
  const edit = editOf(flag, form.values);
  const touched = Object.keys(edit).length > 0;
  const everywhere = "variations" in edit || "off" in edit || "audience" in edit;
  const save = useMutation({
    mutationFn: (body: Edit) =>
      api("PATCH /api/v1/projects/{project}/flags/{flag}", {
        params: { project: project.key, flag: flag.key },
        body,
        ifMatch: flag.version,
      }),
    onSuccess: (saved) => {
      client.setQueryData(keys.flag(project.key, flag.key), saved);
      form.setInitialValues(valuesOf(saved));
      form.setValues(valuesOf(saved));
      void client.invalidateQueries({ queryKey: keys.flags(project.key) });
      notifyDone("Saved.");
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <div className={classes.settings}>
      <form className={classes.card} onSubmit={form.onSubmit(() => save.mutate(edit))}>
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
          description="A client flag may be decided in browsers, so it can test public attributes only"
          data={["server", "client"]}
          allowDeselect={false}
          readOnly={readOnly}
          {...form.getInputProps("audience")}
        />
        {everywhere && <Alert color="orange">This changes the flag in every environment at once.</Alert>}
        <FormError error={Object.keys(fieldErrors(save.error)).length > 0 ? null : save.error} />
        {!readOnly && (
          <div className={classes.foot}>
            <Button variant="default" disabled={!touched} onClick={() => form.setValues(valuesOf(flag))}>
              Discard
            </Button>
            <Button type="submit" disabled={!touched} loading={save.isPending}>
              Save settings
            </Button>
          </div>
        )}
      </form>
      <FlagLifecycle flag={flag} />
    </div>
  );
}
