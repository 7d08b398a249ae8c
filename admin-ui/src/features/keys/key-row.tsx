import type { ApiKey } from "@lanyard/contract";
import { Button } from "@mantine/core";
import { CopyIcon } from "../../components/copy.tsx";
import { EnvironmentName } from "../../components/environment-mark.tsx";
import { Row } from "../../components/setting-rows.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useProject } from "../../lib/project-context.ts";
import classes from "./keys.module.css";

export const KIND_WORDS: Record<ApiKey["kind"], string> = {
  server: "Server key",
  client: "Client key",
  management: "Management token",
  kill: "Kill token",
};

export function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: (() => void) | undefined }) {
  const project = useProject();
  const environments = project.environments.filter((one) => apiKey.environments.includes(one.key));
  return (
    <Row
      muted={apiKey.revokedAt !== null}
      main={
        <>
          {apiKey.name}
          <span className={classes.kind} data-kind={apiKey.kind}>
            {KIND_WORDS[apiKey.kind]}
            {apiKey.role && `, ${apiKey.role}`}
          </span>
        </>
      }
      sub={
        <span className={classes.hint}>
          <span className="mono">{apiKey.value ?? `${apiKey.hint}…`}</span>
          {apiKey.value && <CopyIcon value={apiKey.value} label="Copy the key" />}
          {apiKey.origins && <span>from {apiKey.origins.join(", ")}</span>}
          {apiKey.verification && <span>verifies {apiKey.verification.algorithm}</span>}
        </span>
      }
      facts={
        <>
          {environments.length > 0 ? (
            environments.map((one) => <EnvironmentName key={one.key} environment={one} />)
          ) : (
            <span>every environment</span>
          )}
          <Life apiKey={apiKey} />
        </>
      }
      actions={
        onRevoke && (
          <Button variant="default" size="xs" onClick={onRevoke}>
            Revoke…
          </Button>
        )
      }
    />
  );
}

function Life({ apiKey }: { apiKey: ApiKey }) {
  if (apiKey.revokedAt) {
    return (
      <span>
        revoked <TimeAgo at={apiKey.revokedAt} />
      </span>
    );
  }
  return (
    <>
      {apiKey.expiresAt && (
        <span>
          expires <TimeAgo at={apiKey.expiresAt} />
        </span>
      )}
      <span>
        {apiKey.lastUsedAt ? (
          <>
            used <TimeAgo at={apiKey.lastUsedAt} />
          </>
        ) : (
          "never used"
        )}
      </span>
    </>
  );
}
