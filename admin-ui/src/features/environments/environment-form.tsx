import type { Environment } from "@lanyard/contract";
import { Button, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { EnvironmentMark } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { api } from "../../lib/api.ts";
import { keyFromName } from "../../lib/key-from-name.ts";
import { keys } from "../../lib/keys.ts";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./environments.module.css";

type Values = Pick<Environment, "key" | "name" | "color" | "protected">;

const COLORS: Environment["color"][] = ["green", "blue", "teal", "orange", "red", "grape", "gray"];

export function EnvironmentForm({
  environment,
  onDone,
}: {
  environment: Environment | undefined;
  onDone(): void;
}) {
  const project = useProject();
  const client = useQueryClient();
  const form = useForm<Values>({
    initialValues: environment ?? { key: "", name: "", color: "blue", protected: false },
  });
  const save = useMutation({
    mutationFn: ({ key, name, color, protected: guarded }: Values) =>
      environment
        ? api("PATCH /api/v1/projects/{project}/environments/{environment}", {
            params: { project: project.key, environment: key },
            body: { name, color, protected: guarded },
          })
        : api("POST /api/v1/projects/{project}/environments", {
            params: { project: project.key },
            body: { key, name, color, protected: guarded },
          }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.project(project.key) });
      onDone();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const setName = (name: string) => {
    if (!environment && form.values.key === keyFromName(form.values.name))
      form.setFieldValue("key", keyFromName(name));
    form.setFieldValue("name", name);
  };
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <TextInput
        label="Name"
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {!environment && (
        <TextInput
          label="Key"
          description="Stays as it is for ever"
          required
          {...form.getInputProps("key")}
        />
      )}
      <fieldset className={classes.colors}>
        <legend className={classes.label}>Colour</legend>
        {COLORS.map((color) => (
          <label key={color} className={classes.color}>
            <input
              type="radio"
              name="color"
              aria-label={color}
              checked={form.values.color === color}
              onChange={() => form.setFieldValue("color", color)}
            />
            <EnvironmentMark environment={{ ...form.values, color }} size={18} />
          </label>
        ))}
      </fieldset>
      <Switch
        label="Protected"
        description="Asks for the flag's key and a reason before anything changes; maintainers publish here"
        {...form.getInputProps("protected", { type: "checkbox" })}
      />
      <FormError error={Object.keys(fieldErrors(save.error)).length > 0 ? null : save.error} />
      <Button type="submit" loading={save.isPending}>
        {environment ? "Save environment" : "Make environment"}
      </Button>
    </form>
  );
}
