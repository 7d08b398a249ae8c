import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FormError } from "../../components/form-error.tsx";
import { QueryState } from "../../components/states.tsx";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { fieldErrors, isCode } from "../../lib/problem.ts";
import classes from "./front.module.css";
import { Front } from "./front.tsx";
import { sessionQueries } from "./queries.ts";

interface InvitationPageProps {
  token: string;
  onAccepted(project: string): void;
}

export function InvitationPage({ token, onAccepted }: InvitationPageProps) {
  const query = useQuery(sessionQueries.invitation(token));
  if (isCode(query.error, "not-found", "link-expired", "invalid-input")) {
    return (
      <Front
        title="This link no longer works"
        lead="Invitations can be used once, within 24 hours. Ask an owner of the project for a new one."
      >
        {null}
      </Front>
    );
  }
  return (
    <QueryState query={query} loading={<Front title="You are invited">{null}</Front>}>
      {(invitation) => (
        <Front
          title={`Join ${invitation.projectName}`}
          lead={`You are invited as ${invitation.role}, with the address ${invitation.email}.`}
        >
          <AcceptForm
            token={token}
            invitation={invitation}
            onAccepted={() => onAccepted(invitation.project)}
          />
        </Front>
      )}
    </QueryState>
  );
}

interface AcceptFormProps {
  token: string;
  invitation: { email: string; hasAccount: boolean };
  onAccepted(): void;
}

function AcceptForm({ token, invitation, onAccepted }: AcceptFormProps) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { name: "", password: "" } });
  const accept = useMutation({
    mutationFn: async (body: { name: string; password: string }) => {
      const name = invitation.hasAccount ? await nameAfterSignIn(invitation.email, body.password) : body.name;
      return api("POST /api/v1/invitations/{token}/accept", { params: { token }, body: { ...body, name } });
    },
    onSuccess: (account) => {
      client.clear();
      client.setQueryData(keys.session, account);
      onAccepted();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => accept.mutate(values))}>
      <input type="hidden" autoComplete="username" value={invitation.email} readOnly />
      {!invitation.hasAccount && (
        <TextInput label="Your name" autoComplete="name" required {...form.getInputProps("name")} />
      )}
      <PasswordInput
        label="Password"
        description={
          invitation.hasAccount ? "Of your account here" : "At least 12 characters; a sentence is good"
        }
        autoComplete={invitation.hasAccount ? "current-password" : "new-password"}
        required
        {...form.getInputProps("password")}
      />
      <FormError error={isCode(accept.error, "invalid-input") ? null : accept.error} />
      <Button type="submit" size="md" loading={accept.isPending}>
        {invitation.hasAccount ? "Sign in and join" : "Make my account"}
      </Button>
    </form>
  );
}

async function nameAfterSignIn(email: string, password: string): Promise<string> {
  const account = await api("POST /api/v1/session", { body: { email, password } });
  return account.name;
}
