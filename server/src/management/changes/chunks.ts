const CHUNK = 1_000;

/** PostgreSQL takes 65,535 parameters a statement; ten thousand rows have more. */
export async function inChunks<Row>(rows: Row[], write: (chunk: Row[]) => PromiseLike<unknown>) {
  for (let at = 0; at < rows.length; at += CHUNK) await write(rows.slice(at, at + CHUNK));
}
