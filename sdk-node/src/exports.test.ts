import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import * as sdk from "./index.ts";
import * as openfeature from "./openfeature.ts";
import { VERSION } from "./version.ts";

it("exports these names and no others", () => {
  expect(Object.keys(sdk).sort()).toEqual(["createClient", "createTestClient"]);
  expect(Object.keys(openfeature)).toEqual(["LanyardProvider"]);
});

it("knows its version", () => {
  expect(VERSION).toBe(manifest.version);
});
