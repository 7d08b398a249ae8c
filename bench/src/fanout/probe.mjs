// Preloaded into each measured server: answers the bench with the memory it holds once garbage is collected.
process.on("message", ({ id, name }) => {
  if (name !== "memory") return;
  globalThis.gc();
  globalThis.gc();
  process.send({ id, result: process.memoryUsage.rss() });
});
// Nothing measured outlives the bench.
process.on("disconnect", () => process.exit());
process.channel?.unref();
