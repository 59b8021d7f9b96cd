/** What the supervisor looked at last: kept while the profile is open. */
import type { CorrectionFilter, CorrectionId } from "../../backend";

export type ReviewFilter = Extract<CorrectionFilter, "open" | "approved" | "returned" | "referred"> | "all";
export type MineFilter = Extract<CorrectionFilter, "returned" | "open" | "approved" | "settled"> | "all";

export const place = $state<{ only: ReviewFilter; at: number; correction: CorrectionId | null }>({ only: "open", at: 0, correction: null });
export const minePlace = $state<{ only: MineFilter | null; at: number; correction: CorrectionId | null }>({ only: null, at: 0, correction: null });
