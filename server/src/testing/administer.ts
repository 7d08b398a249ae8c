import pg from "pg";

/** The PostgreSQL that tests may make databases in. */
export function databaseUrl(name?: string): string {
  const given = process.env.TEST_DATABASE_URL;
  if (!given) throw new Error("TEST_DATABASE_URL is not set");
  if (name === undefined) return given;
  const url = new URL(given);
  url.pathname = `/${name}`;
  return url.href;
}

/** One statement outside of any test's database. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
