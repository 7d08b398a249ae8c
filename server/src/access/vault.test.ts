import { expect, test } from "vitest";
import { createVault } from "./vault.ts";

const [old, current] = ["a".repeat(32), "b".repeat(32)];

test("what is sealed opens in its place only, under its secret only, and unaltered only", () => {
  const vault = createVault({ current });
  const sealed = vault.seal("here", "påssword");
  expect(sealed).not.toContain("ssword");
  expect(vault.seal("here", "påssword")).not.toBe(sealed);
  expect(vault.open("here", sealed)).toBe("påssword");
  expect(vault.open("there", sealed)).toBeUndefined();
  expect(createVault({ current: old }).open("here", sealed)).toBeUndefined();
  const bytes = Buffer.from(sealed, "base64url");
  for (const at of [0, 13, bytes.length - 1]) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] as number) ^ 1;
    expect(vault.open("here", altered.toString("base64url"))).toBeUndefined();
  }
  expect(vault.open("here", "short")).toBeUndefined();
});

test("the previous secret still opens what it sealed", () => {
  const sealed = createVault({ current: old }).seal("here", "kept");
  expect(createVault({ current, previous: old }).open("here", sealed)).toBe("kept");
});
