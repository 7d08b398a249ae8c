import type { Reader } from "../../database/database.ts";
import { AppError } from "../../errors.ts";
import type { EnvironmentRow } from "../changes/index.ts";
import { activeKills } from "../live/index.ts";

export async function refuseKilled(
  reader: Reader,
  environments: EnvironmentRow[],
  key: string,
  message: string,
): Promise<void> {
  const kills = await activeKills(
    reader,
    environments.map(({ id }) => id),
    [key],
  );
  if (kills.length === 0) return;
  const context = {
    kills: kills.map(({ environmentId, kill }) => ({
      environment: environments.find(({ id }) => id === environmentId)?.key,
      kill: kill.id,
      reason: kill.reason,
    })),
  };
  throw new AppError("flag-killed", message, { context });
}
