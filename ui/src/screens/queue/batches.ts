/** What a batch's state is called and how it is coloured, and which of them is on its way now. */
import type { BatchStanding, QueueBatch, SyncStatus } from "../../backend";
import type { Tone } from "../../kit/tone";

export const toneOf: Record<BatchStanding, Tone> = { sealed: "blue", stored: "green", forked: "red", quarantined: "amber", replaced: "plain" };

/** How many changes are in it. */
export function changesIn(batch: QueueBatch): number {
  return batch.last_sequence - batch.first_sequence + 1;
}

/** Its name: a chain's place is taken once. */
export function keyOf(batch: QueueBatch): string {
  return `${batch.chain}/${batch.first_sequence}`;
}

/** The batch that is being sent: the oldest that waits, while changes are sent. */
export function batchOnItsWay(batches: QueueBatch[], exchange: SyncStatus | null): string | null {
  if (!exchange?.is_running || exchange.progress.phase !== "sending_changes") return null;
  const oldest = batches.findLast((batch) => batch.standing === "sealed");
  return oldest ? keyOf(oldest) : null;
}
