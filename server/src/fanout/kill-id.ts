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

/**
 * Named by who asked for what, so that retries on two nodes are one kill without asking each other. Without an
 * idempotency key the coverage stands for it: a finger that presses twice kills once.
 */
export function killRoot(request: {
  projectId: string;
  principal: { kind: string; id: string };
  idempotencyKey: string | undefined;
  coverage: unknown;
  /** Of one episode of an alert: once it was lifted it is over, whoever repeats it. */
  once: boolean;
}): string {
  const { projectId, principal, idempotencyKey, coverage, once } = request;
  const what = idempotencyKey === undefined ? { coverage } : { idempotencyKey };
  const text = JSON.stringify([projectId, principal.kind, principal.id, what]);
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
