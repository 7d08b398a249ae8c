import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/openfeature.ts", "src/operators.ts", "src/react.ts", "src/test-client.ts"],
  format: ["esm"],
  // Each entry is whole: what two of them share would become a file of its own, and the main one larger for it.
  splitting: false,
  target: "es2022",
  platform: "browser",
  // Our private packages travel inside, so that installing the SDK installs nothing else.
  noExternal: [/^@lanyard\//, "re2js"],
  dts: {
    resolve: true,
    compilerOptions: {
      paths: {
        "@lanyard/evaluation": ["../evaluation/src/index.ts"],
        "@lanyard/evaluation/operators": ["../evaluation/src/operators/registrable.ts"],
        "@lanyard/evaluation/openfeature": ["../evaluation/src/openfeature/index.ts"],
        "@lanyard/sdk-core": ["../sdk-core/src/index.ts"],
        "@lanyard/sdk-core/openfeature": ["../sdk-core/src/openfeature/index.ts"],
      },
    },
  },
  // Who bundles it shortens its names; what a bundler does not do is to write constants where they are used. Functions
  // stay where they are: moved into the one that calls them they get longer names. The directive "use client" stays too.
  minify: "terser",
  terserOptions: {
    module: true,
    mangle: false,
    compress: { reduce_funcs: false, hoist_funs: true, directives: false, passes: 2, sequences: false },
    format: { beautify: true },
  },
  clean: true,
});
