import type { ManagedSegment } from "@lanyard/contract";
import { Button, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FormError } from "../../components/form-error.tsx";
import { Page } from "../../components/page.tsx";
import { Row, Rows } from "../../components/setting-rows.tsx";
import { EmptyState, QueryState } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { keyFromName } from "../../lib/key-from-name.ts";
import { can } from "../../lib/permissions.ts";
import { fieldErrors } from "../../lib/problem.ts";
import { useProject } from "../../lib/project-context.ts";
import { segmentQueries, useMakeSegment } from "./queries.ts";
import { contentWords, usedByWords } from "./segment-words.ts";
import classes from "./segments.module.css";

interface SegmentsPageProps {
  search: string;
  onSearch(search: string): void;
}

export function SegmentsPage({ search, onSearch }: SegmentsPageProps) {
  const project = useProject();
  const query = useQuery(segmentQueries.list(project.key));
  const [making, modal] = useDisclosure(false);
  const make = can(project, "segment:edit") && (
    <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
      New segment
    </Button>
  );
  return (
    <Page
      title="Segments"
      lead="Named conditions, used by any rule. A segment counts in every environment that uses it."
      actions={make}
    >
      <QueryState query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No segments yet">
              Name a group of people once, such as beta testers, and use it in any rule.
            </EmptyState>
          ) : (
            <>
              <TextInput
                className={classes.search}
                type="search"
                aria-label="Search segments"
                placeholder="Search segments"
                data-page-search
                leftSection={<IconSearch size={16} />}
                value={search}
                onChange={(event) => onSearch(event.currentTarget.value)}
              />
              <SegmentRows segments={matching(items, search)} />
            </>
          )
        }
      </QueryState>
      <Modal opened={making} onClose={modal.close} title="New segment">
        <NewSegmentForm />
      </Modal>
    </Page>
  );
}

function matching(segments: ManagedSegment[], search: string): ManagedSegment[] {
  const wanted = search.trim().toLowerCase();
  return segments.filter((segment) =>
    `${segment.key} ${segment.name} ${segment.description}`.toLowerCase().includes(wanted),
  );
}

function SegmentRows({ segments }: { segments: ManagedSegment[] }) {
  const project = useProject();
  if (segments.length === 0) return <EmptyState title="No segment matches" />;
  return (
    <Rows label="Segments">
      {segments.map((segment) => (
        <Row
          key={segment.id}
          main={
            <Link
              to="/projects/$project/segments/$segment"
              params={{ project: project.key, segment: segment.key }}
              className={classes.link}
            >
              {segment.name}
              <span className={classes.key}>{segment.key}</span>
            </Link>
          }
          sub={contentWords(segment.content)}
          facts={
            <>
              <span>{usedByWords(segment.usedBy)}</span>
              <TimeAgo at={segment.updatedAt} />
            </>
          }
        />
      ))}
    </Rows>
  );
}

function NewSegmentForm() {
  const project = useProject();
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: "", key: "" } });
  const make = useMakeSegment(
    project.key,
    (segment) =>
      void navigate({
        to: "/projects/$project/segments/$segment",
        params: { project: project.key, segment: segment.key },
      }),
  );
  const setName = (name: string) => {
    if (form.values.key === keyFromName(form.values.name)) form.setFieldValue("key", keyFromName(name));
    form.setFieldValue("name", name);
  };
  return (
    <form
      className={classes.form}
      onSubmit={form.onSubmit((values) =>
        make.mutate(
          { ...values, content: { unit: "targetingKey", included: [], excluded: [] } },
          { onError: (error) => form.setErrors(fieldErrors(error)) },
        ),
      )}
    >
      <TextInput
        label="Name"
        placeholder="Beta testers"
        required
        data-autofocus
        {...form.getInputProps("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput label="Key" description="Stays as it is for ever" required {...form.getInputProps("key")} />
      <FormError error={Object.keys(fieldErrors(make.error)).length > 0 ? null : make.error} />
      <Button type="submit" loading={make.isPending}>
        Make segment
      </Button>
    </form>
  );
}
