import type { ApiKey } from "@lanyard/contract";
import { Alert, Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { Page } from "../../components/page.tsx";
import { NodeSnippet } from "../../components/snippet.tsx";
import { keys } from "../../lib/keys.ts";
import { can } from "../../lib/permissions.ts";
import { environmentOf, useProject } from "../../lib/project-context.ts";
import classes from "./start-guide.module.css";

interface KeyMaking {
  made: (ApiKey & { secret: string }) | undefined;
  pending: boolean;
  error: unknown;
  make(environment: string): void;
}

interface StartGuideProps {
  /** The flag that was made; undefined while that is the step. */
  flag: string | undefined;
  /** The form that makes it. */
  form: ReactNode;
  keyMaking: KeyMaking;
}

/** From nothing to a connected SDK, in three steps. */
export function StartGuide({ flag, form, keyMaking }: StartGuideProps) {
  const project = useProject();
  const environment = environmentOf(project, undefined);
  const connected = useConnected(environment?.key);
  const step = flag === undefined ? 1 : connected > 0 ? 4 : keyMaking.made ? 3 : 2;
  return (
    <Page
      title="Hoist your first flag"
      lead="Three steps: make a flag, copy a snippet, see your application connect."
      width="reading"
    >
      <ol className={classes.steps}>
        <Step number={1} current={step} title={flag ? `Made ${flag}` : "Make a flag"}>
          {can(project, "flag:edit") ? (
            form
          ) : (
            <p className={classes.quiet}>An editor of this project makes the first flag.</p>
          )}
        </Step>
        <Step number={2} current={step} title="Copy the snippet">
          {environment && (
            <KeyStep
              flag={flag}
              environment={environment.key}
              name={<EnvironmentName environment={environment} />}
              keyMaking={keyMaking}
            />
          )}
        </Step>
        <Step number={3} current={step} title="See it connect" always={step >= 3}>
          {connected > 0 ? (
            <div className={classes.connected} role="status">
              <IconCheck size={20} aria-hidden="true" />
              {connected === 1 ? "One instance is connected" : `${connected} instances are connected`} to{" "}
              {environment?.name}.
            </div>
          ) : (
            <p className={classes.waiting} role="status">
              Waiting for your application…
            </p>
          )}
        </Step>
      </ol>
      {flag && (
        <div className={classes.next}>
          <Button
            variant={connected > 0 ? "filled" : "default"}
            renderRoot={(props) => (
              <Link {...props} to="/projects/$project/flags/$flag" params={{ project: project.key, flag }} />
            )}
          >
            {connected > 0 ? `Turn ${flag} on` : `Go to ${flag}`}
          </Button>
        </div>
      )}
    </Page>
  );
}

function useConnected(environment: string | undefined): number {
  const project = useProject();
  const { data } = useQuery<Record<string, number>>({
    queryKey: keys.connections(project.key),
    queryFn: () => ({}),
    enabled: false,
  });
  return environment ? (data?.[environment] ?? 0) : 0;
}

interface StepProps {
  number: number;
  current: number;
  title: string;
  always?: boolean;
  children: ReactNode;
}

function Step({ number, current, title, always = false, children }: StepProps) {
  const done = current > number;
  const open = current === number || always || (number === 2 && current > 2);
  return (
    <li className={classes.step} data-done={done || undefined} data-open={open || undefined}>
      <span className={classes.number} aria-hidden="true">
        {done ? <IconCheck size={17} stroke={2.6} /> : number}
      </span>
      <div className={classes.body}>
        <h2 className={classes.title}>{title}</h2>
        {open && children}
      </div>
    </li>
  );
}

interface KeyStepProps {
  flag: string | undefined;
  environment: string;
  name: ReactNode;
  keyMaking: KeyMaking;
}

function KeyStep({ flag, environment, name, keyMaking }: KeyStepProps) {
  const project = useProject();
  if (keyMaking.made) {
    return (
      <div className={classes.stack}>
        <NodeSnippet apiKey={keyMaking.made.secret} {...(flag ? { flag } : {})} />
        <Alert color="orange">
          The key is shown only here. Keep it where your application reads its secrets.
        </Alert>
      </div>
    );
  }
  if (!can(project, "key:manage")) {
    return <p className={classes.quiet}>An owner of the project makes a server key for you.</p>;
  }
  return (
    <div className={classes.stack}>
      <p className={classes.quiet}>Your application needs a server key of {name}</p>
      <FormError error={keyMaking.error} />
      <Button
        className={classes.start}
        loading={keyMaking.pending}
        onClick={() => keyMaking.make(environment)}
      >
        Make a key
      </Button>
    </div>
  );
}
