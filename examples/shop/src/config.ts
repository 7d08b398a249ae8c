export interface Config {
  lanyardUrl: string;
  lanyardKey: string;
  port: number;
}

/** Reads the environment; throws a message for people when it cannot be used. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const lanyardUrl = env.LANYARD_URL || "http://localhost:4242";
  const lanyardKey = env.LANYARD_KEY;
  if (!lanyardKey) {
    throw new Error(
      `LANYARD_KEY is missing. Open ${lanyardUrl}, go to an environment's keys, make a server key, then:\n` +
        "  LANYARD_KEY=lyd_srv_… npm run shop",
    );
  }
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is not a port: ${env.PORT}`);
  return { lanyardUrl, lanyardKey, port };
}
