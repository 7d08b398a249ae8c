import { backUp, restore } from "../support/backup.ts";
import { type Cluster, DIAL } from "../support/cluster.ts";
import { change, kill, latency, lift, reached, untilAcknowledged } from "../support/work.ts";

const LOST_CHANGES = 3;

/**
 * Restores an older backup while nobody works: what it lacks is lost, but no kill is. Resolves once every SDK follows,
 * and what was killed is lifted.
 */
export async function restoreOlder(cluster: Cluster): Promise<void> {
  const backedUp = cluster.ledger.newest(DIAL);
  await backUp(cluster);
  for (let lost = 0; lost < LOST_CHANGES; lost += 1)
    await latency(cluster, await untilAcknowledged(() => change(cluster)));
  await latency(cluster, await untilAcknowledged(() => kill(cluster)));
  const step = cluster.ledger.restored(DIAL, backedUp);
  await restore(cluster);
  await reached(cluster, { flag: DIAL, step });
  // An SDK that forgets the kill answers as nobody has asked.
  await latency(cluster, await untilAcknowledged(() => lift(cluster)));
}
