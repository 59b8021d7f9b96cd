import { expect, test } from "vitest";
import type { QueueBatch, SyncStatus } from "../../backend";
import { batchOnItsWay, changesIn, keyOf } from "./batches";

const batch = (first: number, last: number, standing: QueueBatch["standing"]): QueueBatch => ({ chain: "c", first_sequence: first, last_sequence: last, standing, sealed_ms: 0, transfer_bytes: null, log_index: null, receipted_ms: null, kinds: [], refused: [] });
const exchange = (is_running: boolean, phase: string) => ({ is_running, progress: { phase } }) as unknown as SyncStatus;
/** The latest first, as the core gives them. */
const batches = [batch(9, 9, "sealed"), batch(5, 8, "sealed"), batch(1, 4, "stored")];

test("a batch counts both its ends", () => {
  expect(batches.map(changesIn)).toEqual([1, 4, 4]);
});

test("the oldest that waits is on its way, and only while changes are sent", () => {
  expect(batchOnItsWay(batches, exchange(true, "sending_changes"))).toBe(keyOf(batch(5, 8, "sealed")));
  for (const still of [exchange(true, "sending_photos"), exchange(false, "idle"), null]) expect(batchOnItsWay(batches, still)).toBeNull();
  expect(batchOnItsWay(batches.slice(2), exchange(true, "sending_changes"))).toBeNull();
});
