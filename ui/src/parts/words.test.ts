import { expect, test } from "vitest";
import { ageOf, shortDay } from "./words";

const now = Date.UTC(2026, 10, 21, 1);

test("age counts whole years, and years alone where only the year is known", () => {
  expect(ageOf("21/11/1990", now)).toBe(36);
  expect(ageOf("22/11/1990", now)).toBe(35);
  expect(ageOf("1957", now)).toBe(69);
  expect(ageOf("03/1957", now)).toBe(69);
});

test("what is no date has no age", () => {
  for (const birth of [null, undefined, "", "không rõ", "1990-11-21", "21/11/2090"]) expect(ageOf(birth, now)).toBeNull();
});

test("a day near by has its word, another year its year", () => {
  expect(shortDay("21/11/2026", now)).toBe("hôm nay");
  expect(shortDay("22/11/2026", now)).toBe("ngày mai");
  expect(shortDay("30/11/2026", now)).toBe("30/11");
  expect(shortDay("02/01/2027", now)).toBe("02/01/2027");
});
