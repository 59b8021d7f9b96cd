/** What waits, what came back, and work carried by hand: with a real server, with it stopped, and without any line. */
import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { BIN, Commune } from "./commune";

let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start(); });
test.afterEach(async () => commune.stop());

async function recordVisits(count: number): Promise<void> {
  const { houses } = await commune.call("officer", "list_today", { query: { officer: null, hamlet: null, alley: null, only: null }, offset: 0, limit: count });
  for (const house of houses) await commune.call("officer", "record_ordinary_visit", { household: house.household, started_ms: Date.now() });
}

test("work waits while the server is away and has its receipt once it is back", async ({ page }) => {
  await commune.unlock("officer");
  await recordVisits(3);
  await commune.stopServer();
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+3");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hàng đợi");
  await page.keyboard.press("g");
  await expect(page.getByText("Không có đường tới máy chủ")).toBeVisible();
  await expect(page.getByRole("option")).toContainText("chờ gửi");
  await expect(page.getByRole("contentinfo")).toContainText("Ngoại tuyến từ");
  await expectAccessible(page, "offline");
  await commune.startServer();
  await page.keyboard.press("g");
  await expect(page.getByRole("option")).toContainText("đã nhận");
  await expect(page.getByRole("option")).toContainText(/số \d+/);
  await expect(page.getByText("Mọi thay đổi trong lô được nhận.")).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("Không có gì chờ gửi");
  await expectAccessible(page, "sent");
});

test("a week's work goes by stick and its receipts come back by stick", async ({ page }) => {
  await commune.unlock("officer");
  await recordVisits(2);
  await commune.stopServer();
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+3");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hàng đợi");
  await page.keyboard.press("u");
  await page.keyboard.type(commune.path("out.tungnha"));
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Đã ghi 1 lô, 0 ảnh")).toBeVisible();
  await expectAccessible(page, "written");
  const server = (...args: string[]) => execFileSync(`${BIN}/tungnha-server`, ["--data", commune.path("server/data"), "queue-file", ...args]);
  server("take", commune.path("out.tungnha"));
  server("give", "--unit", "25390", "--out", commune.path("back.tungnha"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.keyboard.type(commune.path("newcomer.json"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("textbox", { name: "Tệp từ máy chủ" }).fill(commune.path("back.tungnha"));
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Đã nhận \d+ biên nhận/)).toBeVisible();
  await expectAccessible(page, "taken");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("option")).toContainText("đã nhận");
});
