// Only what Biome cannot see: promises that need types, where effects may be read, and size.
import tseslint from "typescript-eslint";
import { functionLength } from "./scripts/verify/function-length.mjs";

const TESTS = ["**/*.test.{ts,tsx}", "**/testing/**", "**/*.bench.ts", "e2e/**", "bench/**"];

const IMPURE = "evaluate() is pure: time and chance are inputs.";
const ENVIRONMENT = "Only server/src/config.ts reads the environment; take what you need from the config.";

const withTypes = {
  parser: tseslint.parser,
  // One program for everything: the packages' own would parse the same libraries a dozen times.
  parserOptions: { project: "tsconfig.lint.json", tsconfigRootDir: import.meta.dirname },
};

export default tseslint.config(
  {
    ignores: ["**/dist/", "**/node_modules/", "**/*.gen.*", "scripts/verify/planted/", "*.config.*", "*.cjs"],
  },
  {
    // An exception is written here, with its reason, where a reviewer sees it.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
  },
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: withTypes,
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      // A drizzle query that nobody awaits never runs: it is thenable, but no Promise.
      "@typescript-eslint/no-floating-promises": ["error", { checkThenables: true }],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": "allow-with-description" }],
    },
  },
  {
    files: ["**/*.{ts,tsx,mjs}"],
    ignores: TESTS,
    plugins: { lanyard: { rules: { "function-length": functionLength } } },
    rules: {
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "lanyard/function-length": ["error", 60],
    },
  },
  {
    files: ["**/*.tsx"],
    ignores: TESTS,
    // Markup is long without being complicated.
    rules: { "lanyard/function-length": ["error", 120] },
  },
  {
    files: ["server/src/**/*.ts"],
    ignores: ["server/src/config.ts", ...TESTS],
    rules: {
      "no-restricted-properties": ["error", { object: "process", property: "env", message: ENVIRONMENT }],
      "no-restricted-imports": ["error", { paths: [{ name: "node:process", message: ENVIRONMENT }] }],
    },
  },
  {
    files: ["evaluation/src/**/*.ts"],
    ignores: TESTS,
    rules: {
      "no-restricted-globals": [
        "error",
        ...["Date", "Intl", "performance", "crypto", "process", "fetch", "setTimeout", "setInterval"].map(
          (name) => ({
            name,
            message: IMPURE,
          }),
        ),
      ],
      "no-restricted-properties": ["error", { object: "Math", property: "random", message: IMPURE }],
    },
  },
);
