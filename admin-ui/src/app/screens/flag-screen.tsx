import type { Environment, FlagDetail } from "@lanyard/contract";
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CatalogContext } from "../../components/conditions/catalog.ts";
import { Page } from "../../components/page.tsx";
import { LoadingState, QueryState } from "../../components/states.tsx";
import { attributeQueries } from "../../features/attributes/queries.ts";
import { EnvironmentTabs, FlagTitle } from "../../features/flags/flag-header.tsx";
import { FlagSettings } from "../../features/flags/flag-settings.tsx";
import { HistoryList } from "../../features/history/history-list.tsx";
import { InstancesPanel } from "../../features/instances/instances-panel.tsx";
import { KilledBanner, KillFlagButton } from "../../features/kills/flag-kill.tsx";
import { segmentQueries } from "../../features/segments/queries.ts";
import { TargetingEditor } from "../../features/targeting/targeting-editor.tsx";
import { UsageLine, UsagePanel } from "../../features/usage/usage-panel.tsx";
import { flagDetail } from "../../lib/flag-queries.ts";
import { environmentOf, useProject } from "../../lib/project-context.ts";
import { FLAG_TABS, type FlagTab } from "../search.ts";
import classes from "./flag-screen.module.css";
import { JustChanged } from "./just-changed.tsx";

export function FlagScreen() {
  const project = useProject();
  const { flag } = useParams({ from: "/signed-in/projects/$project/flags/$flag" });
  const { env, tab = "targeting" } = useSearch({ from: "/signed-in/projects/$project/flags/$flag" });
  const query = useQuery(flagDetail(project.key, flag));
  const environment = environmentOf(project, env);
  return (
    <QueryState
      query={query}
      loading={
        <Page title={flag}>
          <LoadingState rows={4} height={120} />
        </Page>
      }
    >
      {(data) => environment && <FlagPage flag={data} environment={environment} tab={tab} />}
    </QueryState>
  );
}

interface FlagPageProps {
  flag: FlagDetail;
  environment: Environment;
  tab: FlagTab;
}

const TAB_WORDS: Record<FlagTab, string> = {
  targeting: "Targeting",
  insights: "Insights",
  instances: "Instances",
  history: "History",
  settings: "Settings",
};

function FlagPage({ flag, environment, tab }: FlagPageProps) {
  const navigate = useNavigate({ from: "/projects/$project/flags/$flag" });
  const go = (next: { env?: string; tab?: FlagTab }) =>
    void navigate({ search: (before) => ({ ...before, env: environment.key, ...next }), replace: true });
  return (
    <Page
      title={flag.name}
      heading={<FlagTitle flag={flag} />}
      actions={<KillFlagButton key={environment.key} flag={flag} environment={environment} />}
    >
      <EnvironmentTabs flag={flag} current={environment.key} onChange={(env) => go({ env })} />
      <KilledBanner flag={flag} environment={environment} />
      <JustChanged flag={flag.key} />
      <Tabs
        value={tab}
        onChange={(value) => go({ tab: FLAG_TABS.find((one) => one === value) ?? "targeting" })}
        keepMounted={false}
      >
        <div className={classes.tabs}>
          <Tabs.List>
            {FLAG_TABS.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {TAB_WORDS[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <UsageLine flag={flag} environment={environment} />
        </div>
        <Tabs.Panel value="targeting">
          <Targeting flag={flag} environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="insights">
          <UsagePanel flag={flag} environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="instances">
          <InstancesPanel environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History flag={flag} environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <FlagSettings key={flag.key} flag={flag} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

type TabProps = Omit<FlagPageProps, "tab">;

function Targeting({ flag, environment }: TabProps) {
  const project = useProject();
  const segments = useQuery(segmentQueries.list(project.key));
  const { data: attributes } = useQuery(attributeQueries.list(project.key));
  return (
    <QueryState query={segments}>
      {({ items }) => (
        <CatalogContext
          value={{ attributes: attributes?.items ?? [], segments: items.map((one) => one.key) }}
        >
          <TargetingEditor
            key={`${flag.key} ${environment.key}`}
            flag={flag}
            environment={environment}
            segments={items}
          />
        </CatalogContext>
      )}
    </QueryState>
  );
}

function History({ flag, environment }: TabProps) {
  const current = flag.environments[environment.key]?.revision;
  return (
    <HistoryList
      scope={{ flag: flag.key, environment: environment.key }}
      restorable={
        current === undefined || flag.archivedAt ? undefined : { flag: flag.key, environment, current }
      }
    />
  );
}
