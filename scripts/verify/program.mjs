import { join } from "node:path";
import { root } from "../setup/workspace.mjs";

/** A program of one of our development dependencies. */
export const program = (name) => join(root, "node_modules", ".bin", name);
