import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const { LANYARD_URL = "http://localhost:4242", LANYARD_KEY = "", PORT = "5174" } = process.env;

// A client key is public: it may stand in what every visitor downloads.
export default defineConfig({
  plugins: [react()],
  define: {
    LANYARD: JSON.stringify({ url: LANYARD_URL, key: LANYARD_KEY }),
  },
  server: { port: Number(PORT), strictPort: true },
});
