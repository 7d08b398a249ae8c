import { createConnectionCounts, type Fanout } from "../../fanout/index.ts";

/** How many SDK streams of an environment the other nodes and workers have, as each last said. */
export function countElsewhere(fanout: Fanout): (environmentId: string) => number {
  const counts = createConnectionCounts();
  fanout.listen((announcement) => {
    if (announcement.type === "connections" && announcement.node !== fanout.node) counts.note(announcement);
  });
  return counts.of;
}
