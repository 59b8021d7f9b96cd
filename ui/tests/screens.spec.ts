/** Every screen, in both languages and themes and at both sizes: whole, accessible, photographed. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { Commune, SHOTS } from "./commune";

let commune: Commune;
test.beforeAll(async () => {
  commune = await Commune.start();
  mkdirSync(SHOTS, { recursive: true });
});
test.afterAll(async () => commune.stop());

/** Nothing may stick out of the window, and no word may be cut in a place without a way to read it. */
async function expectWhole(page: Page, where: string): Promise<void> {
  const overflow = await page.evaluate(() => ({ x: document.documentElement.scrollWidth - innerWidth, y: document.documentElement.scrollHeight - innerHeight }));
  expect(overflow, where).toEqual({ x: 0, y: 0 });
}

const screens: { name: string; who: "officer" | "supervisor"; open: (page: Page) => Promise<void> }[] = [
  { name: "today", who: "officer", open: async (page) => { await page.keyboard.press("ArrowDown"); } },
  { name: "search", who: "officer", open: async (page) => { await page.keyboard.press("/"); await page.keyboard.type("nguyen thi"); await page.getByRole("option").first().waitFor(); } },
  { name: "filter", who: "officer", open: async (page) => { await page.keyboard.press("l"); await page.getByRole("dialog").waitFor(); } },
  { name: "keys", who: "officer", open: async (page) => { await page.keyboard.press("?"); await page.getByRole("dialog").waitFor(); } },
  { name: "household", who: "officer", open: async (page) => { await page.keyboard.press("ArrowDown"); await page.locator(".actions button").first().waitFor(); await page.keyboard.press("o"); await page.getByRole("tablist").waitFor(); } },
  { name: "visit", who: "officer", open: async (page) => { await page.keyboard.press("ArrowDown"); await page.locator(".actions button").first().waitFor(); await page.keyboard.press("Enter"); await page.getByRole("tablist").waitFor(); } },
  { name: "mine", who: "officer", open: async (page) => page.keyboard.press("Alt+2") },
  { name: "queue", who: "officer", open: async (page) => page.keyboard.press("Alt+3") },
  { name: "settings", who: "officer", open: async (page) => page.keyboard.press("Alt+4") },
  { name: "review", who: "supervisor", open: async (page) => page.keyboard.press("Alt+2") },
  { name: "assign", who: "supervisor", open: async (page) => page.keyboard.press("Alt+3") },
];

for (const language of ["vi", "en"]) {
  for (const theme of ["light", "dark"] as const) {
    for (const [width, height] of [[1366, 768], [1920, 1080]] as const) {
      test(`every screen in ${language}, ${theme}, ${width}×${height}`, async ({ page }) => {
        await page.setViewportSize({ width, height });
        for (const screen of screens) {
          await commune.unlock(screen.who);
          const settings = await commune.call(screen.who, "get_settings", null);
          await commune.call(screen.who, "set_settings", { ...settings, language, theme });
          await commune.open(page, screen.who);
          await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
          await screen.open(page);
          await page.waitForTimeout(250);
          const where = `${screen.name}-${language}-${theme}-${width}`;
          await expectWhole(page, where);
          await expectAccessible(page, where);
          await page.screenshot({ path: join(SHOTS, `${where}.png`) });
        }
      });
    }
  }
}
