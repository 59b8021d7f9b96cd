import { expect, test } from "vitest";
import type { AreaRow, HouseRow } from "../../backend";
import { housesOf, isHeading, layOut, rowOfHouse, rowsBeside, weave } from "./rows";

const area = (alley: string, houses: number): AreaRow => ({ hamlet: "Ấp 3", alley, houses, visited: 0, done: 0, assigned: 0, moved: 0 });
const house = (number: number) => ({ household: String(number) }) as unknown as HouseRow;
const layout = layOut([area("Ngõ 12", 3), area("Ngõ 14", 2), area("Ngõ 16", 4)]);

test("a heading stands before the houses of its alley", () => {
  expect(layout.count).toBe(12);
  expect(Array.from({ length: 12 }, (_, row) => (isHeading(layout, row) ? "H" : "h")).join("")).toBe("HhhhHhhHhhhh");
});

test("a house is found again among the headings", () => {
  expect([0, 2, 3, 4, 5, 8].map((at) => rowOfHouse(layout, at))).toEqual([1, 3, 5, 6, 8, 11]);
});

test("any stretch of rows asks for exactly its houses", () => {
  const all = Array.from({ length: 9 }, (_, at) => house(at));
  const whole = weave(layout, 0, 12, all);
  for (let offset = 0; offset < 12; offset += 1) {
    for (let limit = 1; limit <= 12 - offset; limit += 1) {
      const asked = housesOf(layout, offset, limit);
      const rows = weave(layout, offset, limit, all.slice(asked.offset, asked.offset + asked.limit));
      expect(rows, `${offset}+${limit}`).toEqual(whole.slice(offset, offset + limit));
    }
  }
});

test("the houses of an alley are the rows under its heading", () => {
  expect([1, 3, 5, 11].map((row) => rowsBeside(layout, row)).map((beside) => [beside?.first, beside?.count])).toEqual([[1, 3], [1, 3], [5, 2], [8, 4]]);
  expect(rowsBeside(layOut([]), 0)).toBe(null);
});

test("no houses, no rows", () => {
  expect(layOut([]).count).toBe(0);
});
