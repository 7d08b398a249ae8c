import { Button, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { FormError } from "../../components/form-error.tsx";
import { Page } from "../../components/page.tsx";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { api } from "../../lib/api.ts";
import { keyFromName } from "../../lib/key-from-name.ts";
import { keys } from "../../lib/keys.ts";
import { fieldErrors, isCode } from "../../lib/problem.ts";
import classes from "./projects-page.module.css";
import { projectQueries } from "./queries.ts";

export function ProjectsPage({ mayMake }: { mayMake: boolean }) {
  const query = useQuery(projectQueries.list());
  const [making, modal] = useDisclosure(false);
  const button = mayMake && (
    <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
      New project
    </Button>
  );
  return (
    <Page
      title="Projects"
      lead="A project is a product or service that owns flags and segments."
      actions={button}
      width="reading"
    >
      <QueryState query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No projects yet">
              {mayMake ? "Make the first one." : "Ask an owner of a project to invite you."}
            </EmptyState>
          ) : (
            <Rows label="Projects">
              {items.map((project) => (
                <Row
                  key={project.id}
                  main={
                    <Link
                      to="/projects/$project/flags"
                      params={{ project: project.key }}
                      className={classes.link}
                    >
                      {project.name}
                    </Link>
                  }
                  sub={<span className="mono">{project.key}</span>}
                  facts={project.environments.map((environment) => (
                    <EnvironmentName key={environment.key} environment={environment} />
                  ))}
                />
              ))}
            </Rows>
          )
        }
      </QueryState>
      <Modal opened={making} onClose={modal.close} title="New project">
        <NewProjectForm />
      </Modal>
    </Page>
  );
}

function NewProjectForm() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: "", key: "" } });
  const make = useMutation({
    mutationFn: (body: { name: string; key: string }) => api("POST /api/v1/projects", { body }),
    onSuccess: async (project) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.projects }),
        client.invalidateQueries({ queryKey: keys.session }),
      ]);
      await navigate({ to: "/projects/$project/flags", params: { project: project.key } });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const suggestKey = (name: string) => {
    if (form.values.key === keyFromName(form.values.name)) form.setFieldValue("key", keyFromName(name));
    form.setFieldValue("name", name);
  };
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <TextInput
        label="Name"
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={(event) => suggestKey(event.currentTarget.value)}
      />
      <TextInput label="Key" description="Stays as it is for ever" required {...form.getInputProps("key")} />
      <FormError error={isCode(make.error, "invalid-input") ? null : make.error} />
      <Button type="submit" loading={make.isPending}>
        Make project
      </Button>
    </form>
  );
}
