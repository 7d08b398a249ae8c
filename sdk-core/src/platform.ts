/** What an SDK needs from where it runs. Everything with an effect goes through here. */
export interface Platform {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Monotonic milliseconds: a corrected wall clock must not end a connection. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  uuid(): string;
  /** Runs the task once. Returns its cancel. Only with `hold` may it keep a process running. */
  after(delayMs: number, task: () => void, hold?: boolean): () => void;
}
