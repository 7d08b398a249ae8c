import { createHmac, timingSafeEqual } from "node:crypto";

const HEX_LENGTH = 64;

/** Messages between nodes: whoever reaches Redis without the instance secret can neither lift a kill nor inject a rule. */
export interface Signer {
  /** Different for every secret, so that two instances on one Redis never meet. */
  readonly namespaces: readonly [current: string, ...previous: string[]];
  /** `place` is signed with it: what was said in one channel is worth nothing in another. */
  seal(place: string, text: string): string;
  /** The text, or undefined when it was not signed by this instance. */
  open(place: string, sealed: string): string | undefined;
}

export function createSigner(secret: string, previousSecret?: string): Signer {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const mac = (key: string, place: string, text: string) =>
    createHmac("sha256", key).update(`lanyard bus\n${place}\n${text}`).digest("hex");
  const namespace = (key: string) => `lanyard:${mac(key, "namespace", "").slice(0, 16)}`;
  return {
    namespaces: [namespace(secret), ...secrets.slice(1).map(namespace)],
    seal: (place, text) => mac(secret, place, text) + text,
    open: (place, sealed) => {
      const claimed = Buffer.from(sealed.slice(0, HEX_LENGTH));
      const text = sealed.slice(HEX_LENGTH);
      const signed = secrets.some((key) => {
        const expected = Buffer.from(mac(key, place, text));
        return expected.length === claimed.length && timingSafeEqual(expected, claimed);
      });
      return signed ? text : undefined;
    },
  };
}
