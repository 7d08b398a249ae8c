import { hireJanitor } from "../../scripts/process/janitor.mjs";
import { startPostgres } from "../../scripts/services/postgres.mjs";
import { startRedis } from "../../scripts/services/redis.mjs";

/** A service of the spec's own, which it may stop, kill and start again. */
export interface Service {
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface Services {
  postgres: Service;
  redis: Service;
  /** Ends both and removes their folders. */
  end(): Promise<void>;
}

export async function ownServices(): Promise<Services> {
  const janitor = hireJanitor();
  const [postgres, redis] = await Promise.all([startPostgres(janitor), startRedis(janitor)]);
  return { postgres, redis, end: () => janitor.sweep() };
}
