import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/main.ts"],
  format: "esm",
  platform: "node",
  target: "node20",
  clean: true,
  sourcemap: true,
  noExternal: [/^@lanyard\//],
  esbuildOptions(options) {
    options.conditions = ["source"];
  },
  onSuccess: async () => {
    await cp("../migrations/sql", "dist/sql", { recursive: true });
  },
});
