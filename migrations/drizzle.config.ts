import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "../server/src/database/schema/index.ts",
  out: "./sql",
});
