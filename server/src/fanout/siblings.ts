import type { Announcement } from "./announcement.ts";

/** The other worker processes of this machine, which hear of everything without Redis and without the database. */
export interface Siblings {
  /** The first part of every worker's node name: what these say on Redis too was heard here already. */
  readonly group: string;
  /** Never throws, never waits; what a stuck sibling does not take is dropped, and the poll repairs. */
  send(announcement: Announcement): void;
  listen(heard: (announcement: Announcement) => void): void;
}
