/** How far an exchange is, as one part of one whole. */
import type { SyncProgress } from "../backend";

export interface Whole {
  kind: "bytes" | "records";
  done: number;
  /** `null` where it is not known yet. */
  all: number | null;
}

/** What the bar shows: of the register its bytes, then its records; else what is sent now. */
export function wholeOf(progress: SyncProgress): Whole {
  if (progress.phase === "taking_register" && progress.records_total > 0) return { kind: "records", done: progress.records_taken, all: progress.records_total };
  if (progress.phase === "fetching_register" && progress.register_bytes_total > 0) return { kind: "bytes", done: progress.register_bytes, all: progress.register_bytes_total };
  const all = progress.bytes_sent + progress.bytes_left;
  return { kind: "bytes", done: progress.bytes_sent, all: progress.bytes_left > 0 ? all : null };
}
