import { expect, test } from "vitest";
import type { AreaRow } from "../../backend";
import { areaLines } from "./areas";

const row = (hamlet: string | null, alley: string | null, houses: number, assigned: number): AreaRow => ({ hamlet, alley, houses, assigned, visited: 1, done: 0, moved: 0 });

test("the unit, then each hamlet with its alleys, added up", () => {
  const lines = areaLines([row("Ấp 1", "Ngõ 12", 9, 4), row("Ấp 1", null, 2, 0), row("Ấp 2", "Ngõ 1", 5, 5)]);
  expect(lines.map((line) => [line.hamlet, line.alley, line.houses, line.assigned])).toEqual([
    [null, null, 16, 9],
    ["Ấp 1", null, 11, 4],
    ["Ấp 1", "Ngõ 12", 9, 4],
    ["Ấp 1", "", 2, 0],
    ["Ấp 2", null, 5, 5],
    ["Ấp 2", "Ngõ 1", 5, 5],
  ]);
});

test("a hamlet without alleys is one line", () => {
  expect(areaLines([row("Ấp 1", null, 2, 0)]).map((line) => [line.hamlet, line.alley])).toEqual([[null, null], ["Ấp 1", null]]);
});

test("houses in no hamlet count for the unit alone", () => {
  expect(areaLines([row(null, null, 3, 0)]).map((line) => line.houses)).toEqual([3]);
});
