import { describe, expect, test } from "vitest";
import { nameOf, plainKey } from "./keys.svelte";

const event = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });

describe("keys", () => {
  test("a second d that an input method made a đ is still the key d", () => {
    expect(plainKey("đ")).toBe("d");
    expect(plainKey("Đ")).toBe("d");
    expect(plainKey("ê")).toBe("e");
    expect(plainKey("ư")).toBe("u");
  });
  test("modifiers stand before the key", () => {
    expect(nameOf(event("Enter", { ctrlKey: true }))).toBe("Ctrl+Enter");
    expect(nameOf(event("1", { altKey: true }))).toBe("Alt+1");
    expect(nameOf(event("Tab", { shiftKey: true }))).toBe("Shift+Tab");
  });
  test("shift that only makes the character is not named", () => {
    expect(nameOf(event("?", { shiftKey: true }))).toBe("?");
    expect(nameOf(event("N", { shiftKey: true }))).toBe("n");
  });
});
