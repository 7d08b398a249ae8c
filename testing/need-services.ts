const REQUIRED = ["TEST_DATABASE_URL", "TEST_REDIS_URL"];

/** Runs once before the tests of a package that are about a real PostgreSQL and Redis. */
export default function needServices() {
  const missing = REQUIRED.filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  throw new Error(
    `These tests need a real PostgreSQL and Redis (${missing.join(", ")} not set). Run \`npm test\`, or a part of it with\n` +
      "  node scripts/services.mjs -- npx vitest run server",
  );
}
