/** Hamlets with their alleys, as a list one walks. Owns the adding up, not the counting. */
import type { AreaRow } from "../../backend";

/** One line: the whole unit, a hamlet, one alley of it (`alley` empty: the houses that stand in none). */
export interface AreaLine {
  hamlet: string | null;
  alley: string | null;
  houses: number;
  assigned: number;
  visited: number;
}

/** The whole unit first, then every hamlet followed by its alleys. */
export function areaLines(rows: AreaRow[]): AreaLine[] {
  const sum = (of: AreaRow[], hamlet: string | null): AreaLine => of.reduce<AreaLine>((all, row) => ({ ...all, houses: all.houses + row.houses, assigned: all.assigned + row.assigned, visited: all.visited + row.visited }), { hamlet, alley: null, houses: 0, assigned: 0, visited: 0 });
  const hamlets = [...new Set(rows.map((row) => row.hamlet))];
  return [
    sum(rows, null),
    ...hamlets.flatMap((hamlet) => {
      const of = rows.filter((row) => row.hamlet === hamlet);
      if (hamlet === null) return [];
      const parts = of.some((row) => row.alley !== null) ? of : [];
      return [sum(of, hamlet), ...parts.map(({ alley, houses, assigned, visited }) => ({ hamlet, alley: alley ?? "", houses, assigned, visited }))];
    }),
  ];
}

/** Whether two lines name the same area. */
export function isSameArea(a: Pick<AreaLine, "hamlet" | "alley">, b: Pick<AreaLine, "hamlet" | "alley">): boolean {
  return a.hamlet === b.hamlet && a.alley === b.alley;
}
