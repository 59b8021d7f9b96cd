/** The stretch of a list of corrections with what each row shows beside it, and finding one's place in it again. */
import { call, type CorrectionFilter, type CorrectionId, type CorrectionQuery, type CorrectionRow, type Difference, type OfficerId } from "../../backend";

/** One row: the correction and how its value differs from today's register. */
export interface SeenCorrection {
  row: CorrectionRow;
  difference: Difference | null;
}

/** Rows on each side of a place that are searched first for a correction that moved. */
const NEAR = 60;
const PAGE = 200;

/** A query of the unit's corrections, or of one's own. */
export function queryOf(only: CorrectionFilter | "all", proposed_by: OfficerId | null): CorrectionQuery {
  return { only: only === "all" ? null : only, proposed_by, household: null, subject: null };
}

/** Rows of the list, each with its class of difference. */
export async function readRows(query: CorrectionQuery, offset: number, limit: number): Promise<SeenCorrection[]> {
  const { corrections } = await call("list_corrections", { query, offset, limit });
  return corrections.map((row) => ({ row, difference: row.difference }));
}

/** Where a list stands after something changed. */
export interface Standing {
  count: number;
  at: number;
  correction: CorrectionId | null;
}

/** Finds the chosen correction again; where it left the list, what now stands at its place is chosen. */
export async function stand(query: CorrectionQuery, at: number, correction: CorrectionId | null, everywhere: boolean): Promise<Standing> {
  const from = Math.max(0, at - NEAR);
  const near = await call("list_corrections", { query, offset: from, limit: 2 * NEAR });
  const index = near.corrections.findIndex((row) => row.correction === correction);
  if (index >= 0) return { count: near.count, at: from + index, correction };
  if (correction && everywhere) {
    for (let offset = 0; offset < near.count; offset += PAGE) {
      const page = await call("list_corrections", { query, offset, limit: PAGE });
      const found = page.corrections.findIndex((row) => row.correction === correction);
      if (found >= 0) return { count: page.count, at: offset + found, correction };
    }
  }
  if (near.count === 0) return { count: 0, at: -1, correction: null };
  const next = Math.max(0, Math.min(at, near.count - 1));
  const row = near.corrections[next - from] ?? (await call("list_corrections", { query, offset: next, limit: 1 })).corrections[0];
  return { count: near.count, at: next, correction: row?.correction ?? null };
}

/** The correction after a place, else the one before it. */
export async function neighbour(query: CorrectionQuery, at: number, but: CorrectionId): Promise<CorrectionId | null> {
  const from = Math.max(0, at - 1);
  const { corrections } = await call("list_corrections", { query, offset: from, limit: 3 });
  const here = corrections.findIndex((row) => row.correction === but);
  return (corrections[here + 1] ?? corrections[here - 1])?.correction ?? null;
}
