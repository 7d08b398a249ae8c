import type { Node } from "../../support/node.ts";

/** The sum of a metric's series as the node shows them; 0 when there is none yet. */
export async function readMetric(node: Pick<Node, "url">, name: string): Promise<number> {
  const lines = (await (await fetch(`${node.url}/metrics`)).text()).split("\n");
  const values = lines
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(" "))));
  return values.reduce((sum, value) => sum + value, 0);
}
