import { createHash } from "node:crypto";

const EPISODE = "kill_once_";
/** No longer than a time can be: ids come from outside too, and a time beyond all dates would have no text. */
const GENERATION = /^(.+)-([0-9a-z]{1,9})$/;

/**
 * A kill's id: its root, named by who asked for what, and the lift that it comes after, in epoch milliseconds; 0 when
 * nothing of that root was lifted before. What is killed again after a lift is another kill, on every node the same.
 */
export interface KillName {
  root: string;
  after: number;
}

/** What tells one kill of a principal from another: what it covers, or the name that it was asked for by. */
export type KillSubject = { coverage: unknown } | { idempotencyKey: string };

/** Named by who asked for what, so that retries on two nodes are one kill without asking each other. */
export function killRoot(request: {
  projectId: string;
  principal: { kind: string; id: string };
  subject: KillSubject;
  /** Of one episode of an alert: once it was lifted it is over, whoever repeats it. */
  once: boolean;
}): string {
  const { projectId, principal, subject, once } = request;
  const text = JSON.stringify([projectId, principal.kind, principal.id, subject]);
  return (once ? EPISODE : "kill_") + createHash("sha256").update(text).digest("hex").slice(0, 26);
}

export function isOnce(root: string): boolean {
  return root.startsWith(EPISODE);
}

export function killId({ root, after }: KillName): string {
  return after === 0 ? root : `${root}-${after.toString(36)}`;
}

export function parseKillId(id: string): KillName {
  const [, root, after] = GENERATION.exec(id) ?? [];
  return root === undefined || after === undefined
    ? { root: id, after: 0 }
    : { root, after: parseInt(after, 36) };
}
