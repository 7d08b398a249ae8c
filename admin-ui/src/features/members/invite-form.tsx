import type { Role } from "@lanyard/contract";
import { Alert, Button, Radio, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { CodeBlock } from "../../components/copy.tsx";
import { FormError } from "../../components/form-error.tsx";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./members.module.css";
import { useInvite } from "./queries.ts";
import { ROLE_WORDS, ROLES } from "./roles.ts";

export function InviteForm({ onDone }: { onDone(): void }) {
  const project = useProject();
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: "", role: "editor" } });
  const invite = useInvite(project.key);
  if (invite.data) {
    return (
      <div className={classes.form}>
        <Alert color="orange" title="Send this link yourself">
          It works once, for 24 hours, and cannot be shown again.
        </Alert>
        <CodeBlock label={form.values.email} code={invite.data.link} />
        <Button onClick={onDone}>Done</Button>
      </div>
    );
  }
  return (
    <form
      className={classes.form}
      onSubmit={form.onSubmit((values) =>
        invite.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
      )}
    >
      <TextInput label="Email" type="email" required data-autofocus {...form.getInputProps("email")} />
      <Radio.Group label="Role" {...form.getInputProps("role")}>
        <div className={classes.roles}>
          {ROLES.map((role) => (
            <Radio key={role} value={role} label={role} description={ROLE_WORDS[role]} />
          ))}
        </div>
      </Radio.Group>
      <FormError error={Object.keys(fieldErrors(invite.error)).length > 0 ? null : invite.error} />
      <Button type="submit" loading={invite.isPending}>
        Make the invitation
      </Button>
    </form>
  );
}
