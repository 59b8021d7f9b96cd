import { expect, test } from "vitest";
import { count, day, daysBetween, decimal, fixed, parseDay } from "./form";

test("numbers are grouped as each language groups them", () => {
  expect(count(4812, "vi")).toBe("4.812");
  expect(count(4812, "en")).toBe("4,812");
  expect(decimal(2.14, "vi")).toBe("2,1");
  expect(decimal(142.7, "vi")).toBe("143");
  expect(fixed(1990)).toBe("1990");
});

test("days are written day first and read back", () => {
  const at = new Date(2026, 10, 21, 8, 5).getTime();
  expect(day(at)).toBe("21/11/2026");
  expect(parseDay("21/11/2026")).toBe(new Date(2026, 10, 21).getTime());
});

test("a day that is not in the calendar, or not whole, is no day", () => {
  for (const text of ["30/02/2026", "2026", "11/2026", "1/1/2026", "", "21-11-2026"]) expect(parseDay(text)).toBeNull();
});

test("days between two moments count midnights, not hours", () => {
  expect(daysBetween(new Date(2026, 10, 20, 23, 59).getTime(), new Date(2026, 10, 21, 0, 1).getTime())).toBe(1);
  expect(daysBetween(new Date(2026, 10, 21, 0, 1).getTime(), new Date(2026, 10, 21, 23, 0).getTime())).toBe(0);
});
