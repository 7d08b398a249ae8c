import { inCidr } from "./cidr.ts";
import { matches } from "./matches.ts";
import type { OperatorModule } from "./modules.ts";

export type { OperatorModule } from "./modules.ts";
export { inCidr, matches };

/** Every operator that is not always carried. */
export const operators: readonly OperatorModule[] = [matches, inCidr];
