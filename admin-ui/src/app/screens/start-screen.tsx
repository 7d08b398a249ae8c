import { useNavigate, useSearch } from "@tanstack/react-router";
import { CreateFlagForm } from "../../features/flags/create-flag-form.tsx";
import { useMakeKey } from "../../features/keys/queries.ts";
import { StartGuide } from "../../features/start/start-guide.tsx";
import { useProject } from "../../lib/project-context.ts";

export function StartScreen() {
  const project = useProject();
  const navigate = useNavigate();
  const { flag } = useSearch({ strict: false });
  const makeKey = useMakeKey(project.key);
  return (
    <StartGuide
      flag={flag}
      form={
        <CreateFlagForm
          onMade={(made) =>
            void navigate({
              to: "/projects/$project/start",
              params: { project: project.key },
              search: { flag: made.key },
            })
          }
        />
      }
      keyMaking={{
        made: makeKey.data,
        pending: makeKey.isPending,
        error: makeKey.error,
        make: (environment) => makeKey.mutate({ kind: "server", name: "First application", environment }),
      }}
    />
  );
}
