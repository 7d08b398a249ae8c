import { timestamp } from "drizzle-orm/pg-core";

/** Every moment is `timestamptz`, read as a Date. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
