import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", openfeature: "src/openfeature.ts", lanyard: "src/types-command/main.ts" },
  format: ["esm", "cjs"],
  target: "node20",
  // Our private packages travel inside, so that installing the SDK installs nothing else.
  noExternal: [/^@lanyard\//, "re2js"],
  dts: {
    entry: { index: "src/index.ts", openfeature: "src/openfeature.ts" },
    resolve: true,
    compilerOptions: {
      paths: {
        "@lanyard/evaluation": ["../evaluation/src/index.ts"],
        "@lanyard/evaluation/algorithms": ["../evaluation/src/algorithms/index.ts"],
        "@lanyard/evaluation/explain": ["../evaluation/src/explain/index.ts"],
        "@lanyard/evaluation/operators": ["../evaluation/src/operators/registrable.ts"],
        "@lanyard/evaluation/openfeature": ["../evaluation/src/openfeature/index.ts"],
        "@lanyard/sdk-core": ["../sdk-core/src/index.ts"],
        "@lanyard/sdk-core/openfeature": ["../sdk-core/src/openfeature/index.ts"],
      },
    },
  },
  // A read of a module's constant costs an engine about as much as what it is compared with: they are written where they are
  // used. All names stay, and so do the places of the first attributes, which are alike to the eye and not to an engine.
  minify: "terser",
  terserOptions: {
    module: true,
    mangle: false,
    compress: { reduce_funcs: false, hoist_funs: true, directives: false, sequences: false, switches: false },
    format: { beautify: true },
  },
  clean: true,
});
