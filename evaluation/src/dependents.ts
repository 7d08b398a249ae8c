import type { Condition, Flag, Segment } from "./model.ts";

/** A flag or a segment in the graph of who refers to whom. */
export interface Node {
  readonly kind: "flag" | "segment";
  readonly key: string;
  readonly users: Set<Node>;
}

/** Who refers to a flag or a segment, whether or not that exists, so that a change touches only what it can reach. */
export class Dependents {
  readonly #nodes = { flag: new Map<string, Node>(), segment: new Map<string, Node>() };

  node(kind: Node["kind"], key: string): Node {
    const nodes = this.#nodes[kind];
    let node = nodes.get(key);
    if (node === undefined) {
      node = { kind, key, users: new Set() };
      nodes.set(key, node);
    }
    return node;
  }

  /** The node of what others refer to, where they do. */
  find(kind: Node["kind"], key: string): Node | undefined {
    return this.#nodes[kind].get(key);
  }

  link(user: Node, kind: Node["kind"], keys: readonly string[]): void {
    for (const key of keys) this.node(kind, key).users.add(user);
  }

  unlink(user: Node, kind: Node["kind"], keys: readonly string[]): void {
    for (const key of keys) this.find(kind, key)?.users.delete(user);
  }
}

/** The flags a flag requires. */
export function flagsOf(flag: Flag): string[] {
  const { prerequisites } = flag;
  if (!Array.isArray(prerequisites) || prerequisites.length === 0) return [];
  return prerequisites.map((prerequisite) => String(prerequisite?.flag));
}

/** The segments that a flag's rules name, not those that these name in turn. */
export function segmentsOf(flag: Flag): string[] {
  return named(Array.isArray(flag.rules) ? flag.rules.map((rule) => rule?.when) : []);
}

/** The segments that a segment names itself. */
export function segmentsOfSegment(segment: Segment): string[] {
  return named([segment.when]);
}

function named(conditions: (Condition | undefined)[]): string[] {
  const keys: string[] = [];
  const pending: unknown[] = conditions;
  while (pending.length > 0) {
    const condition = pending.pop();
    if (typeof condition !== "object" || condition === null) continue;
    if ("segment" in condition) keys.push(String(condition.segment));
    for (const part of ["all", "any", "not"] as const) {
      const inner = (condition as Record<string, unknown>)[part];
      if (Array.isArray(inner)) for (const each of inner) pending.push(each);
      else pending.push(inner);
    }
  }
  return keys;
}
