/**
 * The list as it is seen: the heading of an alley, then its houses. Owns the arithmetic between places in sight and
 * places in the list of houses, so that only the houses in sight are asked for.
 */
import type { AreaRow, HouseRow } from "../../backend";

export type SeenRow = { kind: "heading"; group: AreaRow } | { kind: "house"; house: HouseRow; /** From 1. */ number: number };

/** Where headings stand among the rows in sight. */
export interface Layout {
  /** Rows in sight, headings included. */
  count: number;
  groups: { at: number; group: AreaRow; firstHouse: number }[];
}

/** Lays headings between the houses. */
export function layOut(groups: AreaRow[]): Layout {
  let houses = 0;
  const placed = groups.map((group, index) => {
    const entry = { at: houses + index, group, firstHouse: houses };
    houses += group.houses;
    return entry;
  });
  return { count: houses + groups.length, groups: placed };
}

/** The last heading at or above a row. */
function groupOf(layout: Layout, row: number): number {
  let low = 0;
  let high = layout.groups.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((layout.groups[middle]?.at ?? Infinity) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows of the houses that stand under the same heading as a row: the first, and how many. */
export function rowsBeside(layout: Layout, row: number): { first: number; count: number; group: AreaRow } | null {
  const entry = layout.groups[groupOf(layout, row)];
  return entry ? { first: entry.at + 1, count: entry.group.houses, group: entry.group } : null;
}

/** Whether a row is a heading. */
export function isHeading(layout: Layout, row: number): boolean {
  return layout.groups[groupOf(layout, row)]?.at === row;
}

/** The row in sight of a house, counted from 0. */
export function rowOfHouse(layout: Layout, house: number): number {
  let row = house;
  for (const entry of layout.groups) if (entry.firstHouse <= house) row += 1;
  return row;
}

/** The houses that some rows need, counted from 0. */
export function housesOf(layout: Layout, offset: number, limit: number): { offset: number; limit: number } {
  const first = groupOf(layout, offset);
  const start = isHeading(layout, offset) ? (layout.groups[first]?.firstHouse ?? 0) : offset - first - 1;
  const end = Math.min(layout.count, offset + limit);
  const headings = layout.groups.filter((entry) => entry.at >= offset && entry.at < end).length;
  return { offset: start, limit: Math.max(0, end - offset - headings) };
}

/** Puts headings between the houses that were asked for. */
export function weave(layout: Layout, offset: number, limit: number, houses: HouseRow[]): SeenRow[] {
  const asked = housesOf(layout, offset, limit);
  const rows: SeenRow[] = [];
  let next = 0;
  for (let row = offset; row < Math.min(layout.count, offset + limit); row += 1) {
    const entry = layout.groups[groupOf(layout, row)];
    if (entry?.at === row) rows.push({ kind: "heading", group: entry.group });
    else {
      const house = houses[next];
      if (house) rows.push({ kind: "house", house, number: asked.offset + next + 1 });
      next += 1;
    }
  }
  return rows;
}
