import { expect, test } from "vitest";
import { createSigner } from "../../fanout/index.ts";
import { createStreamTokens } from "./stream-token.ts";

const MINUTE = 60_000;
const signer = createSigner("s".repeat(32));

test("a stream's token names its key, stays the same for a while, and ends by itself", () => {
  let now = 1_000_000 * 30 * MINUTE;
  const tokens = createStreamTokens(signer, () => now);
  const token = tokens.of("key_1");
  expect(tokens.keyOf(token)).toBe("key_1");
  now += 29 * MINUTE;
  expect(tokens.of("key_1")).toBe(token);
  now += 2 * MINUTE;
  expect(tokens.of("key_1")).not.toBe(token);
  expect(tokens.keyOf(token)).toBe("key_1");
  now += 29 * MINUTE;
  expect(tokens.keyOf(token)).toBeUndefined();
});

test("a token of another instance, or one that was altered, names nobody", () => {
  const tokens = createStreamTokens(signer);
  const token = tokens.of("key_1");
  expect(createStreamTokens(createSigner("t".repeat(32))).keyOf(token)).toBeUndefined();
  expect(createStreamTokens(createSigner("t".repeat(32), "s".repeat(32))).keyOf(token)).toBe("key_1");
  expect(tokens.keyOf(token.replace("key_1", "key_2"))).toBeUndefined();
  expect(tokens.keyOf(signer.seal("another place", "9999999999999.key_1"))).toBeUndefined();
  expect(tokens.keyOf("")).toBeUndefined();
});
