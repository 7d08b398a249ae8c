/** What this node keeps of the database in memory, read again whenever it may have changed. */
export interface Rereads {
  /** Reads again; resolves once what had changed by the call is in memory, and rejects when it could not be read. */
  reload(): Promise<void>;
  /** Resolves once the changes heard of so far are in memory; tries again what failed. */
  settled(): Promise<void>;
}

/** One `read` at a time, and once more for what changed meanwhile: an older answer must never overwrite a newer one. */
export function createRereads(read: () => Promise<void>): Rereads {
  let stale = false;
  let reading: Promise<void> | undefined;
  const readUntilFresh = async () => {
    try {
      while (stale) {
        stale = false;
        await read();
      }
    } catch (error) {
      stale = true;
      throw error;
    } finally {
      // In the turn of the last look at `stale`: a change in a later one must find that nobody reads any more.
      reading = undefined;
    }
  };
  const settled = () => {
    if (stale) reading ??= readUntilFresh();
    return reading ?? Promise.resolve();
  };
  return {
    reload() {
      stale = true;
      return settled();
    },
    settled,
  };
}
