import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormError } from "../../components/form-error.tsx";
import { api } from "../../lib/api.ts";
import { keyFromName } from "../../lib/key-from-name.ts";
import { keys } from "../../lib/keys.ts";
import { fieldErrors, isCode } from "../../lib/problem.ts";
import classes from "./front.module.css";
import { Front } from "./front.tsx";

interface SetupValues {
  token: string;
  name: string;
  email: string;
  password: string;
  project: { key: string; name: string };
}

export function SetupPage({ token, onDone }: { token: string; onDone(project: string): void }) {
  const client = useQueryClient();
  const form = useForm<SetupValues>({
    initialValues: { token, name: "", email: "", password: "", project: { key: "", name: "" } },
  });
  const setup = useMutation({
    mutationFn: (body: SetupValues) => api("POST /api/v1/setup", { body }),
    onSuccess: (account, body) => {
      client.clear();
      client.setQueryData(keys.session, account);
      onDone(body.project.key);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const suggestKey = (name: string) => {
    const untouched = form.values.project.key === keyFromName(form.values.project.name);
    form.setFieldValue("project.name", name);
    if (untouched) form.setFieldValue("project.key", keyFromName(name));
  };
  return (
    <Front
      title="Welcome aboard"
      lead="Make the first account, which owns this instance, and the first project."
    >
      <form className={classes.form} onSubmit={form.onSubmit((values) => setup.mutate(values))}>
        {!token && (
          <TextInput
            label="Setup token"
            description="The last part of the link that the server printed when it started"
            required
            {...form.getInputProps("token")}
          />
        )}
        <TextInput label="Your name" autoComplete="name" required {...form.getInputProps("name")} />
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          required
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label="Password"
          description="At least 12 characters; a sentence is good"
          autoComplete="new-password"
          required
          minLength={12}
          {...form.getInputProps("password")}
        />
        <div className={classes.group}>First project</div>
        <div className={classes.pair}>
          <TextInput
            label="Name"
            placeholder="Web shop"
            required
            {...form.getInputProps("project.name")}
            onChange={(event) => suggestKey(event.currentTarget.value)}
          />
          <TextInput label="Key" placeholder="web-shop" required {...form.getInputProps("project.key")} />
        </div>
        <FormError error={isCode(setup.error, "invalid-input") ? null : setup.error} />
        <Button type="submit" size="md" loading={setup.isPending}>
          Set up Lanyard
        </Button>
      </form>
    </Front>
  );
}
