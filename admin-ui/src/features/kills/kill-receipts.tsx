import { useQuery } from "@tanstack/react-query";
import { ReceiptCount } from "../../components/receipt-count.tsx";
import { useProject } from "../../lib/project-context.ts";
import { killQueries } from "./queries.ts";

/** A kill's receipts, counting up while they come. */
export function KillReceipts({ kill }: { kill: { id: string; at?: string } }) {
  const project = useProject();
  const { data } = useQuery(killQueries.receipts(project.key, kill.id));
  return data ? <ReceiptCount receipts={data} at={kill.at} /> : null;
}
