import { expect, test } from "vitest";
import { clock, count, day, daysBetween, decimal, fixed, parseDay } from "./form";

test("numbers are grouped as each language groups them", () => {
  expect(count(4812, "vi")).toBe("4.812");
  expect(count(4812, "en")).toBe("4,812");
  expect(decimal(2.14, "vi")).toBe("2,1");
  expect(decimal(142.7, "vi")).toBe("143");
  expect(fixed(1990)).toBe("1990");
});

test("days are written day first and read back", () => {
  const at = Date.UTC(2026, 10, 21, 1, 5);
  expect(day(at)).toBe("21/11/2026");
  expect(clock(at)).toBe("08:05");
  expect(parseDay("21/11/2026")).toBe(Date.UTC(2026, 10, 20, 17));
});

test("a day that is not in the calendar, or not whole, is no day", () => {
  for (const text of ["30/02/2026", "2026", "11/2026", "1/1/2026", "", "21-11-2026"]) expect(parseDay(text)).toBeNull();
});

test("days between two moments count midnights, not hours", () => {
  expect(daysBetween(Date.UTC(2026, 10, 20, 16, 59), Date.UTC(2026, 10, 20, 17, 1))).toBe(1);
  expect(daysBetween(Date.UTC(2026, 10, 20, 17, 1), Date.UTC(2026, 10, 21, 16, 0))).toBe(0);
});
