/** From a laptop that nobody has to an open desk, and back: by keyboard alone, against a real server. */
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { Commune, PASSPHRASE } from "./commune";

const CHOSEN = "bon muoi ngoi nha do";
let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start(); });
test.afterEach(async () => commune.stop());

interface Paper { server: string; fingerprint: string; code: string }
const paper = (): Paper => JSON.parse(readFileSync(commune.path("newcomer.json"), "utf8")) as Paper;

test("a newcomer types the paper, compares the fingerprint and sees the day's houses", async ({ page }) => {
  await page.goto(await commune.url("newcomer"));
  const { server, fingerprint, code } = paper();
  await expect(page.locator("input:focus")).toBeVisible();
  await page.keyboard.type(server);
  await page.keyboard.press("Tab");
  await page.keyboard.type(fingerprint.toLowerCase().replaceAll("-", " "));
  await page.keyboard.press("Tab");
  await page.keyboard.type(code.toLowerCase());
  await expectAccessible(page, "paper");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Có đúng là máy chủ này không?");
  await expect(page.getByRole("group", { name: "Máy chủ đưa ra" }).getByRole("listitem")).toHaveCount(8);
  await expectAccessible(page, "fingerprint");
  await page.keyboard.press("g");
  await page.keyboard.type("12345678");
  await expect(page.getByText("quá ngắn")).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(CHOSEN);
  await expect(page.getByText("mạnh", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.type(CHOSEN);
  await expectAccessible(page, "passphrase");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Trần Thị Hạnh")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("navigation")).toContainText("Hôm nay");
});

test("a fingerprint that differs in one letter stops the enrolment", async ({ page }) => {
  await page.goto(await commune.url("newcomer"));
  const { server, fingerprint, code } = paper();
  const wrong = fingerprint.slice(0, -1) + (fingerprint.endsWith("A") ? "B" : "A");
  await page.getByLabel("Địa chỉ máy chủ").fill(server);
  await page.getByLabel("Dấu vân tay của máy chủ").fill(wrong);
  await page.getByLabel("Mã ghi danh").fill(code);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Dấu vân tay khác nhau")).toBeVisible();
  await expect(page.getByRole("button", { name: "Giống hệt" })).toHaveCount(0);
  await page.keyboard.press("g");
  await expect(page.getByText("Dấu vân tay khác nhau")).toBeVisible();
  await expectAccessible(page, "different fingerprint");
  expect((await commune.call("newcomer", "profile_status", null)).state).toBe("none");
});

test("an enrolment that the line broke off is gone on with, with the same passphrase", async ({ page }) => {
  const answered = page.waitForResponse((response) => response.request().postData()?.includes('"enrol"') ?? false);
  await page.goto(await commune.url("newcomer"));
  await page.getByLabel("Đường dẫn tới tệp ghi danh").fill(commune.path("newcomer.json"));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Đã đọc tệp")).toBeVisible();
  await page.getByLabel("Mã ghi danh").press("Enter");
  await page.getByRole("button", { name: "Giống hệt" }).click();
  // The keys are made before the server is asked: it goes away in between.
  await page.getByLabel("Mật khẩu", { exact: false }).first().fill(CHOSEN);
  await page.getByLabel("Nhập lại").fill(CHOSEN);
  await commune.stopServer();
  await page.getByLabel("Nhập lại").press("Enter");
  await answered;
  await expect(page.getByRole("alert")).toContainText("máy chủ");
  await expectAccessible(page, "broken off");
  await commune.startServer();
  await page.getByLabel("Nhập lại").press("Enter");
  await expect(page.getByRole("navigation")).toContainText("Hôm nay", { timeout: 60_000 });
});

test("wrong passphrases wait, the right one opens, and the language is chosen before", async ({ page }) => {
  await page.goto(await commune.url("officer"));
  for (let wrong = 1; wrong <= 5; wrong += 1) {
    await page.getByLabel("Mật khẩu", { exact: true }).fill(`khong phai ${wrong}`);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Đang mở…" })).toHaveCount(0);
    await expect(wrong < 5 ? page.getByRole("alert") : page.getByRole("timer")).toBeVisible();
  }
  await expectAccessible(page, "waiting");
  await page.keyboard.press("F2");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Unlock");
  await page.keyboard.press("F2");
  await expect(page.getByRole("timer")).toHaveCount(0, { timeout: 40_000 });
  await page.getByLabel("Mật khẩu", { exact: true }).fill(PASSPHRASE.officer);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation")).toContainText("Hôm nay");
});

test("at locking unsent work goes to the stick, and the lock screen says where", async ({ page }) => {
  await commune.unlock("officer");
  const settings = await commune.call("officer", "get_settings", null);
  await commune.call("officer", "set_settings", { ...settings, stick_folder: commune.path("officer") });
  const { houses } = await commune.call("officer", "list_today", { query: { officer: null, hamlet: null, alley: null, only: null }, offset: 0, limit: 1 });
  await commune.call("officer", "record_ordinary_visit", { household: houses[0]?.household ?? "", started_ms: Date.now() });
  await commune.stopServer();
  await commune.open(page, "officer");
  await page.keyboard.press("Control+l");
  await expect(page.getByText(/đã ghi ra .*\.tungnha/)).toBeVisible();
  await expectAccessible(page, "locked");
  await expect(page.getByText("Nguyễn Văn Bình")).toHaveCount(0);
});
