import type { ConnectionListener, Faults } from "@lanyard/sdk-core";

/** Counts what is wrong with what comes from a server, for people to see that something between damages it. */
export function createFaultCount() {
  const faults: Faults = { refusedFrames: 0, mismatches: 0 };
  return {
    faults,
    /** The same listener, counted first. */
    watch(listener: ConnectionListener): ConnectionListener {
      return {
        ...listener,
        failed(message, status, cause) {
          if (isDamage(cause)) faults.refusedFrames += 1;
          else if (cause && !(cause instanceof Error)) faults.mismatches += 1;
          listener.failed(message, status, cause);
        },
      };
    },
  };
}

/** Not of its shape, or not even text. */
const isDamage = (cause: unknown): boolean =>
  cause instanceof SyntaxError || Object(cause).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
