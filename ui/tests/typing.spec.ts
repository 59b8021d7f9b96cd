/** Vietnamese typing is left alone: what an input method composes arrives whole, and no key acts while it composes. */
import { expect, test } from "@playwright/test";
import { Commune } from "./commune";

let commune: Commune;
test.beforeAll(async () => { commune = await Commune.start({ server: false }); });
test.afterAll(async () => commune.stop());

test("what is composed letter by letter arrives as it was composed", async ({ page }) => {
  await commune.open(page, "officer");
  await page.keyboard.press("/");
  const box = page.getByRole("combobox");
  await expect(box).toBeFocused();
  const session = await page.context().newCDPSession(page);
  // As Telex does it: n g u y e e n → nguyên, then x → nguyễn.
  for (const text of ["n", "ng", "ngu", "nguy", "nguye", "nguyê", "nguyên", "nguyễn"]) await session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await session.send("Input.insertText", { text: "nguyễn" });
  await expect(box).toHaveValue("nguyễn");
  await expect(page.getByRole("option").first()).toContainText("Nguyễn");
});

test("keys that an input method takes do nothing else", async ({ page }) => {
  await commune.open(page, "officer");
  const before = await page.getByRole("heading", { level: 1 }).textContent();
  // 229 is what a browser says of a key that an input method has taken.
  await page.evaluate(() => window.dispatchEvent(new KeyboardEvent("keydown", { key: "l", keyCode: 229, bubbles: true })));
  await page.evaluate(() => window.dispatchEvent(new KeyboardEvent("keydown", { key: "l", isComposing: true, bubbles: true })));
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.evaluate(() => window.dispatchEvent(new KeyboardEvent("keydown", { key: "l", bubbles: true })));
  await expect(page.getByRole("dialog")).toHaveCount(1);
  expect(before).toBeTruthy();
});
