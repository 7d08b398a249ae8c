import type { FlagDetail } from "@lanyard/contract";
import type { FlagType } from "@lanyard/evaluation";
import { Button, Collapse, SegmentedControl, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormError } from "../../components/form-error.tsx";
import { api } from "../../lib/api.ts";
import { keyFromName } from "../../lib/key-from-name.ts";
import { keys } from "../../lib/keys.ts";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./flag-form.module.css";
import { type NewFlagValues, newFlagBody, STARTING_VARIATIONS, variationFaults } from "./new-flag.ts";
import { PURPOSES } from "./queries.ts";
import { VariationFields } from "./variation-fields.tsx";

const EMPTY: NewFlagValues = {
  name: "",
  key: "",
  description: "",
  type: "boolean",
  purpose: "release",
  audience: "server",
  tags: [],
  variations: STARTING_VARIATIONS.boolean,
  off: "off",
};

export function CreateFlagForm({ onMade }: { onMade(flag: FlagDetail): void }) {
  const project = useProject();
  const client = useQueryClient();
  const [more, moreOpen] = useDisclosure(false);
  const form = useForm<NewFlagValues>({
    initialValues: EMPTY,
    validate: (values) => (values.type === "boolean" ? {} : variationFaults(values.type, values.variations)),
  });
  const make = useMutation({
    mutationFn: (values: NewFlagValues) =>
      api("POST /api/v1/projects/{project}/flags", {
        params: { project: project.key },
        body: newFlagBody(values),
      }),
    onSuccess: (flag) => {
      client.setQueryData(keys.flag(project.key, flag.key), flag);
      void client.invalidateQueries({ queryKey: keys.flags(project.key) });
      onMade(flag);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const setName = (name: string) => {
    if (form.values.key === keyFromName(form.values.name)) form.setFieldValue("key", keyFromName(name));
    form.setFieldValue("name", name);
  };
  const setType = (type: FlagType) => {
    const variations = STARTING_VARIATIONS[type];
    form.setValues({ type, variations, off: variations.at(-1)?.id ?? "" });
  };
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <TextInput
        label="Name"
        placeholder="New checkout"
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Key"
        description="Stands in code, and stays as it is for ever"
        placeholder="new-checkout"
        required
        spellCheck={false}
        {...form.getInputProps("key")}
      />
      <div>
        <div className={classes.label} id="flag-type">
          Type
        </div>
        <SegmentedControl
          fullWidth
          aria-labelledby="flag-type"
          data={["boolean", "string", "number", "json"]}
          value={form.values.type}
          onChange={(type) => setType(type as FlagType)}
        />
      </div>
      {form.values.type !== "boolean" && (
        <VariationFields
          type={form.values.type}
          value={{ variations: form.values.variations, off: form.values.off }}
          errors={form.errors}
          onChange={(value) => form.setValues(value)}
        />
      )}
      <Collapse expanded={more} keepMounted={false}>
        <div className={classes.form}>
          <div className={classes.pair}>
            <Select
              label="Purpose"
              data={[...PURPOSES]}
              allowDeselect={false}
              {...form.getInputProps("purpose")}
            />
            <Select
              label="Audience"
              data={[
                { value: "server", label: "server" },
                { value: "client", label: "client (browsers too)" },
              ]}
              allowDeselect={false}
              {...form.getInputProps("audience")}
            />
          </div>
          <TagsInput label="Tags" {...form.getInputProps("tags")} />
          <Textarea label="Description" {...form.getInputProps("description")} />
        </div>
      </Collapse>
      <FormError error={Object.keys(fieldErrors(make.error)).length > 0 ? null : make.error} />
      <div className={classes.foot}>
        <Button variant="subtle" color="gray" onClick={moreOpen.toggle} aria-expanded={more}>
          {more ? "Fewer fields" : "Purpose, audience, tags…"}
        </Button>
        <Button type="submit" loading={make.isPending}>
          Make flag
        </Button>
      </div>
      <p className={classes.hint}>It starts turned off in every environment.</p>
    </form>
  );
}
