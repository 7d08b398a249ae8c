import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight } from "@mantine/spotlight";
import { IconFlag, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { EnvironmentMark } from "../../components/environment-mark.tsx";
import { StateGlyph } from "../../components/state-badge.tsx";
import { flagSearch } from "../../lib/flag-queries.ts";
import { summarise } from "../../lib/flag-state.ts";
import { useProject } from "../../lib/project-context.ts";
import classes from "./command-palette.module.css";
import { PLACES } from "./places.ts";

/** ⌘K: every flag, every page, the kill. */
export function CommandPalette() {
  const [query, setQuery] = useState("");
  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={["mod + K"]} maxHeight={420} scrollable>
      <Spotlight.Search
        placeholder="A flag, a page, or “kill”"
        aria-label="Go to"
        leftSection={<IconSearch size={18} stroke={1.8} />}
      />
      <Spotlight.ActionsList>
        <Results query={query} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Results({ query }: { query: string }) {
  const project = useProject();
  const navigate = useNavigate();
  const [search] = useDebouncedValue(query.trim(), 120);
  const { data } = useQuery(flagSearch(project.key, search));
  const wanted = query.trim().toLowerCase();
  const flags = data?.items.slice(0, 8) ?? [];
  const places = PLACES.filter((place) => place.label.toLowerCase().includes(wanted));
  const kill = "kill flags".includes(wanted);
  const params = { project: project.key };
  return (
    <>
      {flags.length > 0 && (
        <Spotlight.ActionsGroup label="Flags">
          {flags.map((flag) => (
            <Spotlight.Action
              key={flag.key}
              leftSection={<IconFlag size={18} stroke={1.8} />}
              onClick={() =>
                void navigate({ to: "/projects/$project/flags/$flag", params: { ...params, flag: flag.key } })
              }
            >
              <span className={classes.flag}>
                <span className={classes.names}>
                  <span className="mono truncate">{flag.key}</span>
                  {flag.name !== flag.key && <span className="dim truncate">{flag.name}</span>}
                </span>
                <span className={classes.states}>
                  {project.environments.slice(0, 3).map((environment) => {
                    const state = flag.environments[environment.key];
                    return state ? (
                      <span key={environment.key} className={classes.state} title={environment.name}>
                        <EnvironmentMark environment={environment} size={11} />
                        <StateGlyph summary={summarise(state, flag.off)} size={13} />
                        {summarise(state, flag.off).word}
                      </span>
                    ) : null;
                  })}
                </span>
              </span>
            </Spotlight.Action>
          ))}
        </Spotlight.ActionsGroup>
      )}
      {(places.length > 0 || kill) && (
        <Spotlight.ActionsGroup label="Pages">
          {kill && (
            <Spotlight.Action
              label="Kill flags…"
              onClick={() => void navigate({ to: "/projects/$project/kill", params })}
            />
          )}
          {places.map(({ to, label, icon: Icon }) => (
            <Spotlight.Action
              key={to}
              label={label}
              leftSection={<Icon size={18} stroke={1.8} />}
              onClick={() => void navigate({ to, params })}
            />
          ))}
        </Spotlight.ActionsGroup>
      )}
      {flags.length === 0 && places.length === 0 && !kill && (
        <Spotlight.Empty>Nothing by that name</Spotlight.Empty>
      )}
    </>
  );
}
