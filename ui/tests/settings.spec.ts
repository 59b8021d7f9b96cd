/** Settings by keyboard: they hold at once and after a new start; the diagnostics are shown before they are written. */
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { Commune, PASSPHRASE } from "./commune";

let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start({ server: false }); });
test.afterEach(async () => commune.stop());

test("language, colours and size of text hold at once and stay", async ({ page }) => {
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+4");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cài đặt");
  await page.keyboard.press("e");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");
  await page.keyboard.press("t");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  for (const size of ["110", "125", "150"]) {
    await page.keyboard.press("=");
    await expect(page.getByText(`${size} %`)).toBeVisible();
  }
  await expectAccessible(page, "large and dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("24px");
});

test("another passphrase opens, and once it did the old one no more", async ({ page }) => {
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+4");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cài đặt");
  await page.keyboard.press("p");
  await page.keyboard.type(PASSPHRASE.officer);
  await page.keyboard.press("Tab");
  await page.keyboard.type("chin con ga mai tren doi");
  await page.keyboard.press("Tab");
  await page.keyboard.type("chin con ga mai tren doi");
  await expectAccessible(page, "passphrase panel");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Đã đổi mật khẩu.")).toBeVisible();
  await page.keyboard.press("k");
  await page.getByLabel("Mật khẩu", { exact: true }).fill("chin con ga mai tren doi");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation")).toContainText("Cài đặt");
  await page.keyboard.press("Control+l");
  await page.getByLabel("Mật khẩu", { exact: true }).fill(PASSPHRASE.officer);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Mật khẩu không đúng");
});

test("the diagnostics file holds what was shown and nobody's name", async ({ page }) => {
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+4");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cài đặt");
  await page.keyboard.press("c");
  await expect(page.getByText(/Mọi trang đều nguyên vẹn/)).toBeVisible();
  await page.keyboard.press("d");
  await expect(page.getByRole("dialog")).toContainText('"schema_version"');
  await expectAccessible(page, "diagnostics");
  await page.keyboard.type(commune.path("facts.json"));
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Đã ghi .*facts\.json/)).toBeVisible();
  const written = readFileSync(commune.path("facts.json"), "utf8");
  expect(written).toContain('"schema_version"');
  expect(written).not.toContain("Bình");
});
