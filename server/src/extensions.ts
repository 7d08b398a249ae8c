import type { Extensions } from "@lanyard/evaluation";
import { algorithms } from "@lanyard/evaluation/algorithms";
import { operators } from "@lanyard/evaluation/operators";

/** Every operator and algorithm that there is: the server decides whatever any SDK can. */
export const extensions: Extensions = { operators, algorithms };
