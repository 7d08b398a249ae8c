import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormError } from "../../components/form-error.tsx";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { fieldErrors } from "../../lib/problem.ts";
import classes from "./front.module.css";
import { Front } from "./front.tsx";

export function SignInPage({ onSignedIn }: { onSignedIn(): void }) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { email: "", password: "" } });
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => api("POST /api/v1/session", { body }),
    onSuccess: (account) => {
      client.clear();
      client.setQueryData(keys.session, account);
      onSignedIn();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Front title="Sign in">
      <form className={classes.form} onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          required
          data-autofocus
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          {...form.getInputProps("password")}
        />
        <FormError error={signIn.error} />
        <Button type="submit" size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </Front>
  );
}
