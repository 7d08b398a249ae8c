import { networkOf } from "../../access/index.ts";
import { AppError } from "../../errors.ts";
import type { Audience } from "../ruleset/index.ts";
import { clientStreamsRefused } from "./metrics.ts";

/**
 * Streams that may be open on this process with client keys, which anybody may read off a page: each holds a file
 * descriptor, and there must be some left for servers, kills and people. One address gets a share of them, large enough
 * for an office behind it, so that one machine cannot take them all.
 */
const PLACES = { all: 10_000, ofNetwork: 1_000 };
/** A page that is told so polls; the spread keeps those who have to come again from coming together. */
const COME_AGAIN_SECONDS = 30;

/** Keeps a place for a stream of `audience` from `address`; returns how to give it back. Throws `rate-limited`. */
export type TakePlace = (audience: Audience, address: string) => () => void;

export function createClientPlaces(places = PLACES): TakePlace {
  let taken = 0;
  const byNetwork = new Map<string, number>();
  return (audience, address) => {
    if (audience === "server") return () => {};
    const network = networkOf(address);
    const own = byNetwork.get(network) ?? 0;
    if (taken >= places.all || own >= places.ofNetwork) {
      clientStreamsRefused.inc();
      throw new AppError("rate-limited", "Too many pages hold a stream here; poll, and come again later.", {
        retryAfterSeconds: COME_AGAIN_SECONDS + Math.floor(Math.random() * COME_AGAIN_SECONDS),
      });
    }
    taken += 1;
    byNetwork.set(network, own + 1);
    return () => {
      taken -= 1;
      const left = (byNetwork.get(network) ?? 1) - 1;
      if (left > 0) byNetwork.set(network, left);
      else byNetwork.delete(network);
    };
  };
}
