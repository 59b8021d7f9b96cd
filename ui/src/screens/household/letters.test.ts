import { describe, expect, it } from "vitest";
import { differingLetters } from "./letters";

const marked = (value: string, other: string) => differingLetters(value, other).map((part) => (part.differs ? `<${part.text}>` : part.text)).join("");

describe("differing letters", () => {
  it("marks the letter whose diacritic differs", () => expect(marked("Nguyễn Thị Hoa", "Nguyễn Thị Hòa")).toBe("Nguyễn Thị H<o>a"));
  it("marks the digits of a date that differ", () => expect(marked("15/08/1990", "15/03/1990")).toBe("15/0<8>/1990"));
  it("marks nothing in equal values, whatever their normal form", () => expect(marked("Hòa".normalize("NFD"), "Hòa")).toBe("Hòa"));
  it("marks what the other lacks at both ends", () => expect(marked("Lê Văn An B", "Văn An")).toBe("<Lê >Văn An< B>"));
  it("marks nothing where the value only lacks something", () => expect(marked("1990", "15/03/1990")).toBe("1990"));
  it("keeps every letter of a value of 500", () => {
    const long = "Nguyễn ".repeat(70);
    expect(differingLetters(long, `${long}X`).map((part) => part.text).join("")).toBe(long);
  });
});
