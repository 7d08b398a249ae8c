import { expect, it } from "vitest";
import { keyFromName } from "./key-from-name.ts";

it("makes a key from any name", () => {
  expect(keyFromName("New checkout!")).toBe("new-checkout");
  expect(keyFromName("  Über-Größe 2.0 ")).toBe("uber-gro-e-2.0");
  expect(keyFromName("旗")).toBe("");
  expect(keyFromName(`${"a".repeat(99)} b`)).toBe("a".repeat(99));
});
