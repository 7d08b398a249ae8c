/** Runs `work` over `items`, at most `limit` at a time; the results keep the items' order. */
export async function pool(items, limit, work) {
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
