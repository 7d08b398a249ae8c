import { ulid } from "ulid";

type Prefix = "prj" | "env" | "flag" | "seg" | "chg" | "drill" | "kill" | "key" | "acc" | "inv";

/** `flag_01jd…`: made by the application, sortable by time of making. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${ulid().toLowerCase()}`;
}
