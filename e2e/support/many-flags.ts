import { query } from "./database.ts";

/**
 * Copies one flag, with all that it is in every environment, to `flag-1`, `flag-2` and so on, up to that many. A node
 * that starts afterwards serves them as if each had been made by a person.
 */
export async function copyFlag(databaseUrl: string, model: string, copies: number): Promise<void> {
  const run = (statement: string) => query(databaseUrl, statement, [model, copies]);
  const source = (table: string) =>
    `from ${table} t, generate_series(1, $2::int) n, (select id from flags where key = $1) model`;
  await run(`
    insert into flags (id, project_id, key, type, seed, name, description, purpose, owner, tags)
    select 'copy_' || n, project_id, 'flag-' || n, type, seed, 'Flag ' || n, description, purpose, owner, tags
    ${source("flags")} where t.id = model.id`);
  await run(`
    insert into flag_revisions (flag_id, environment_id, number, content, hash, change_id)
    select 'copy_' || n, environment_id, number, content, hash, change_id
    ${source("flag_revisions")} where flag_id = model.id`);
  await run(`
    insert into flag_heads (flag_id, environment_id, number, turned_on, audience)
    select 'copy_' || n, environment_id, number, turned_on, audience
    ${source("flag_heads")} where flag_id = model.id`);
  await run(`
    insert into publications (environment_id, epoch, revision, kind, key, content, change_id)
    select environment_id, epoch, revision, kind, 'flag-' || n, content, change_id
    ${source("publications")} where kind = 'flag' and key = $1`);
  await query(databaseUrl, "analyze");
}
