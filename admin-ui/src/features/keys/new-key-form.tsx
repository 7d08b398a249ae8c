import type { ApiKey, Role } from "@lanyard/contract";
import {
  Alert,
  Button,
  Checkbox,
  MultiSelect,
  SegmentedControl,
  Select,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { CodeBlock } from "../../components/copy.tsx";
import { FormError } from "../../components/form-error.tsx";
import { BrowserSnippet, KillSnippet, NodeSnippet, SigningSnippet } from "../../components/snippet.tsx";
import { fieldErrors } from "../../lib/problem.ts";
import { environmentOf, useProject } from "../../lib/project-context.ts";
import { KIND_WORDS } from "./key-row.tsx";
import classes from "./keys.module.css";
import { useMakeKey } from "./queries.ts";
import {
  NO_VERIFICATION,
  VerificationFields,
  type VerificationValues,
  verificationOf,
} from "./verification-fields.tsx";

interface Values {
  kind: ApiKey["kind"];
  name: string;
  environment: string;
  environments: string[];
  origins: string[];
  verification: VerificationValues;
  role: Exclude<Role, "owner">;
  liftsOnResolve: boolean;
}

const USE: Record<ApiKey["kind"], string> = {
  server: "For applications that you run. Reads every flag of one environment. Secret.",
  client: "For pages in browsers. Reads only flags with the client audience. Public.",
  management: "For automations: may do what its role may. Secret.",
  kill: "For alerts and runbooks: kills, and nothing else. Secret.",
};

function bodyOf(values: Values) {
  const { kind, name, environment, environments, origins, verification, role, liftsOnResolve } = values;
  switch (kind) {
    case "server":
      return { kind, name, environment };
    case "client":
      return { kind, name, environment, origins, verification: verificationOf(verification) };
    case "management":
      return { kind, name, environments, role };
    case "kill":
      return { kind, name, environments, liftsOnResolve };
  }
}

export function NewKeyForm({ environment, onDone }: { environment: string | undefined; onDone(): void }) {
  const project = useProject();
  const make = useMakeKey(project.key);
  const form = useForm<Values>({
    initialValues: {
      kind: "server",
      name: "",
      environment: environmentOf(project, environment)?.key ?? "",
      environments: [],
      origins: [],
      verification: NO_VERIFICATION,
      role: "editor",
      liftsOnResolve: false,
    },
  });
  if (make.data) return <MadeKey made={make.data} onDone={onDone} />;
  const { kind } = form.values;
  const choices = project.environments.map((one) => ({ value: one.key, label: one.name }));
  return (
    <form
      className={classes.form}
      onSubmit={form.onSubmit((values) =>
        make.mutate(bodyOf(values), { onError: (error) => form.setErrors(fieldErrors(error)) }),
      )}
    >
      <SegmentedControl
        fullWidth
        aria-label="Kind"
        value={kind}
        onChange={(value) => form.setFieldValue("kind", value as Values["kind"])}
        data={Object.entries(KIND_WORDS).map(([value, label]) => ({
          value,
          label: label.replace(/ (key|token)$/, ""),
        }))}
      />
      <p className={classes.use}>{USE[kind]}</p>
      <TextInput
        label="Name"
        placeholder={kind === "kill" ? "Alertmanager" : "Shop backend"}
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
      {(kind === "server" || kind === "client") && (
        <Select
          label="Environment"
          data={choices}
          allowDeselect={false}
          required
          {...form.getInputProps("environment")}
        />
      )}
      {kind === "client" && (
        <>
          <TagsInput
            label="Origins"
            description="Pages that may use it, exactly as the browser names them; * for any"
            placeholder={form.values.origins.length === 0 ? "https://shop.example, Enter" : ""}
            acceptValueOnBlur
            {...form.getInputProps("origins")}
          />
          <VerificationFields form={form} />
        </>
      )}
      {(kind === "management" || kind === "kill") && (
        <MultiSelect
          label="Environments"
          placeholder={form.values.environments.length === 0 ? "Every environment" : ""}
          data={choices}
          {...form.getInputProps("environments")}
        />
      )}
      {kind === "kill" && (
        <Checkbox
          label="Lift when the alert is resolved"
          description="Of a trigger URL: ends the kill of that alert, and no other"
          {...form.getInputProps("liftsOnResolve", { type: "checkbox" })}
        />
      )}
      {kind === "management" && (
        <Select
          label="Role"
          data={["viewer", "editor", "maintainer"]}
          allowDeselect={false}
          {...form.getInputProps("role")}
        />
      )}
      <FormError error={Object.keys(fieldErrors(make.error)).length > 0 ? null : make.error} />
      <Button type="submit" loading={make.isPending}>
        Make key
      </Button>
    </form>
  );
}

interface MadeKeyProps {
  made: ApiKey & { secret: string; signingSecret?: string | undefined };
  onDone(): void;
}

function MadeKey({ made, onDone }: MadeKeyProps) {
  const project = useProject();
  return (
    <div className={classes.form}>
      {made.kind !== "client" && (
        <Alert color="orange" title="Copy it now">
          It is stored as a hash and cannot be shown again.
        </Alert>
      )}
      <CodeBlock label={KIND_WORDS[made.kind]} code={made.secret} />
      {made.kind === "server" && <NodeSnippet apiKey={made.secret} />}
      {made.kind === "client" && <BrowserSnippet apiKey={made.secret} />}
      {made.signingSecret && (
        <>
          <Alert color="orange" title="Copy it now">
            Your backend signs with this secret. It is kept encrypted and cannot be shown again.
          </Alert>
          <CodeBlock label="Signing secret" code={made.signingSecret} />
        </>
      )}
      {made.verification && <SigningSnippet verification={made.verification} />}
      {made.kind === "kill" && (
        <KillSnippet
          apiKey={made.secret}
          project={project.key}
          environment={made.environments[0] ?? project.environments[0]?.key ?? "production"}
        />
      )}
      <Button onClick={onDone}>Done</Button>
    </div>
  );
}
