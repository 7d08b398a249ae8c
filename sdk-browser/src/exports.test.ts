import { expect, it } from "vitest";
import * as sdk from "./index.ts";
import * as openfeature from "./openfeature.ts";
import * as operators from "./operators.ts";
import * as react from "./react.ts";
import * as testing from "./test-client.ts";

it("exports these names and no others", () => {
  expect(Object.keys(sdk)).toEqual(["createClient"]);
  expect(Object.keys(openfeature)).toEqual(["LanyardProvider"]);
  expect(Object.keys(operators).sort()).toEqual(["inCidr", "matches", "operators"]);
  expect(Object.keys(react).sort()).toEqual(["LanyardProvider", "useFlag", "useFlags", "useStatus"]);
  expect(Object.keys(testing)).toEqual(["createTestClient"]);
});
