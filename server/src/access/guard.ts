import { AppError } from "../errors.ts";
import type { Actor } from "./actor.ts";
import type { KeyIndex } from "./key-index.ts";
import type { KillPasses } from "./kill-pass.ts";
import type { Sessions } from "./sessions.ts";

/** `__Host-` binds the cookie to this host and https; browsers refuse that name on plain http. */
export function sessionCookieName(publicUrl: URL): string {
  return publicUrl.protocol === "https:" ? "__Host-lanyard" : "lanyard";
}

export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer +(\S{1,200})$/i)?.[1];
}

/** The parts of a request that say who is calling. */
export interface Credentials {
  authorization: string | undefined;
  sessionToken: string | undefined;
  killPass: string | undefined;
}

/** Tells who is calling. */
export interface Guard {
  /**
   * The caller; undefined when nothing valid was presented. A key is decided from memory. A session is read from the
   * database, unless `withoutDatabase` lets one that this node has seen, or a kill pass, stand in while the database
   * is away; of another person nobody can tell then who that is, and it throws `unavailable`.
   */
  identify(credentials: Credentials, withoutDatabase: boolean): Promise<Actor | undefined>;
  readonly keys: KeyIndex;
  readonly sessions: Sessions;
  readonly passes: KillPasses;
}

/** A hung database is a dead one. */
const SESSION_DEADLINE_MS = 250;

export function createGuard(keys: KeyIndex, sessions: Sessions, passes: KillPasses): Guard {
  /** A key made a moment ago may still be on its way into memory. */
  const findNewKey = async (secret: string) => {
    await Promise.race([keys.settled(), deadline()]).catch(() => {});
    return keys.find(secret);
  };
  return {
    keys,
    sessions,
    passes,
    async identify({ authorization, sessionToken, killPass }, withoutDatabase) {
      const bearer = bearerOf(authorization);
      if (bearer) return keys.find(bearer) ?? findNewKey(bearer);
      if (!sessionToken) return undefined;
      const fromMemory = () => {
        const known =
          sessions.remembered(sessionToken) ?? (killPass ? passes.open(killPass, sessionToken) : undefined);
        if (known) return known;
        throw new AppError(
          "unavailable",
          "The database does not answer, and this server does not know you.",
          {
            retryAfterSeconds: 2,
          },
        );
      };
      if (withoutDatabase && !sessions.databaseUp) return fromMemory();
      const found = sessions.find(sessionToken);
      if (!withoutDatabase) return found;
      return Promise.race([found, deadline()]).catch(fromMemory);
    },
  };
}

function deadline(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new AppError("unavailable", "The database does not answer.")),
      SESSION_DEADLINE_MS,
    ).unref();
  });
}
