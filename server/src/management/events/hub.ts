import type { UiEvent } from "@lanyard/contract";
import { AppError } from "../../errors.ts";
import { type Announcement, createConnectionCounts } from "../../fanout/index.ts";
import { changesAfter } from "../history/index.ts";
import type { Services } from "../services.ts";
import { createPlaces } from "./places.ts";
import { type Follower, follow, type Subscriber } from "./project-follower.ts";

const HEARTBEAT_MS = 15_000;
/** A verdict on a person holds for this long without asking again, unless their access is said to have changed. */
const VERDICT_MS = 1_000;
const SUBSCRIBERS_MAX = 2_000;

/** Tells open pages what has happened, by reading the record and hearing the bus; nothing depends on it. */
export interface EventsHub {
  /** Returns the end of the subscription. */
  subscribe(subscriber: Subscriber): Promise<() => void>;
  close(): void;
}

export function createEventsHub(services: Services): EventsHub {
  const { database, fanout, guard, log } = services;
  const followers = new Map<string, Follower>();
  const places = createPlaces(database);
  const connections = createConnectionCounts();
  let open = 0;

  const tell = (projectId: string, makeEvents: () => Promise<UiEvent[]>) => {
    followers.get(projectId)?.tell(makeEvents);
  };

  async function tellOfPlace(
    environmentId: string,
    toEvent: (at: { project: string; environment: string }) => UiEvent,
  ) {
    if (followers.size === 0) return;
    const place = await places.find(environmentId);
    if (place)
      tell(place.projectId, async () => [
        toEvent({ project: place.project, environment: place.environment }),
      ]);
  }

  function hear(announcement: Announcement): Promise<void> | undefined {
    switch (announcement.type) {
      case "recorded": {
        const follower = followers.get(announcement.projectId);
        follower?.tell(() => follower.newChanges());
        return undefined;
      }
      case "access":
        followers.get(announcement.projectId)?.recheck();
        return undefined;
      case "counters":
        places.note(announcement.environmentId, announcement.counters);
        return undefined;
      case "killed":
      case "lifted": {
        const type = announcement.type === "killed" ? "kill" : "lift";
        const flags = unique(announcement.elements.map(({ flag }) => flag));
        const kills = unique(announcement.elements.map(({ id }) => id));
        return tellOfPlace(announcement.environmentId, (at) => ({ type, ...at, flags, kills }));
      }
      case "connections": {
        const count = connections.note(announcement);
        return tellOfPlace(announcement.environmentId, (at) => ({ type: "connections", ...at, count }));
      }
      case "published":
      case "held":
      case "receipts":
      case "drill":
        return undefined;
    }
  }

  const stopHearing = fanout.listen((announcement) => {
    hear(announcement)?.catch((error: unknown) => log.debug({ err: error }, "an event was not told"));
  });
  const stopFollowing = services.receipts.listen(({ projectId, project, kill, receipts }) => {
    tell(projectId, async () => [{ type: "receipts", project, kill, receipts }]);
  });
  guard.keys.onReload(() => {
    for (const follower of followers.values()) follower.recheck();
  });
  const timer = setInterval(() => {
    for (const follower of followers.values()) {
      follower.recheck();
      follower.tell(async () => [{ type: "heartbeat" }]);
    }
  }, HEARTBEAT_MS).unref();

  return {
    async subscribe(subscriber) {
      if (open >= SUBSCRIBERS_MAX)
        throw new AppError("unavailable", "Too many pages are open.", { retryAfterSeconds: 10 });
      const { projectId } = subscriber;
      let follower = followers.get(projectId);
      if (!follower) {
        follower = follow({
          verdictMs: VERDICT_MS,
          changesAfter: (sequence, limit) => changesAfter(database.read, projectId, sequence, limit),
          ...(await places.startOf(projectId)),
        });
        // Somebody else may have been faster while the database was asked.
        follower = followers.get(projectId) ?? follower;
        followers.set(projectId, follower);
      }
      const own = follower;
      own.join(subscriber);
      open += 1;
      subscriber.send({ type: "heartbeat" });
      for (const [environmentId, count] of connections.all()) {
        const place = await places.find(environmentId).catch(() => undefined);
        if (place?.projectId === projectId)
          subscriber.send({
            type: "connections",
            project: place.project,
            environment: place.environment,
            count,
          });
      }
      return () => {
        if (!own.leave(subscriber)) return;
        open -= 1;
        if (own.isEmpty() && followers.get(projectId) === own) followers.delete(projectId);
      };
    },
    close() {
      clearInterval(timer);
      stopHearing();
      stopFollowing();
      for (const follower of followers.values()) follower.close();
    },
  };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
