import { Linter } from "eslint";
import { expect, test } from "vitest";
import { functionLength } from "./function-length.mjs";

function lengthFaults(code, max) {
  const config = {
    plugins: { own: { rules: { length: functionLength } } },
    rules: { "own/length": ["error", max] },
  };
  return new Linter().verify(code, config).map(({ message }) => message);
}

test("lines are counted without blank ones and comments", () => {
  expect(lengthFaults("function f() {\n\n// why\n/* and\nwhere */\nreturn 1;\n}", 3)).toEqual([]);
  expect(lengthFaults("function f() {\nreturn 1;\n}", 2)).toEqual(["3 lines of its own; at most 2."]);
});

test("a function declared inside is judged by itself", () => {
  const code =
    "function make() {\nconst inner = () => {\none();\ntwo();\n};\nreturn { inner, other() {\nthree();\n} };\n}";
  expect(lengthFaults(code, 4)).toEqual([]);
  expect(lengthFaults(code, 3)).toEqual(["4 lines of its own; at most 3."]);
});

test("a callback counts for its caller", () => {
  expect(lengthFaults("function f() {\nlist.map((x) => {\nreturn x;\n});\n}", 4)).toEqual([
    "5 lines of its own; at most 4.",
  ]);
});
