import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const COLOR_SCHEME = "src/app/color-scheme.ts";

/** Sets the colour scheme before the first paint: its own blocking file, because the page's policy allows nothing inline. */
function colorSchemeFirst(): Plugin {
  let building = false;
  return {
    name: "color-scheme-first",
    configResolved(config) {
      building = config.command === "build";
    },
    buildStart() {
      if (building) this.emitFile({ type: "chunk", id: COLOR_SCHEME, name: "color-scheme" });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const built = Object.values(bundle ?? {}).find(
          (file) => file.type === "chunk" && file.name === "color-scheme",
        );
        const attrs = built ? { src: `/${built.fileName}` } : { type: "module", src: `/${COLOR_SCHEME}` };
        return [{ tag: "script", attrs, injectTo: "head" }];
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), colorSchemeFirst()],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  server: { port: 5173, proxy: { "/api": "http://localhost:4242" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
