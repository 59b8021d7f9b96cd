/**
 * What the window is for, from end to end: someone is found by a name typed without diacritics, a visit and a correction
 * are recorded with the server stopped, sent when it is back, approved at the supervisor's, and seen as approved at the
 * officer's. Once by mouse, once by keyboard alone.
 */
import { expect, test, type Page } from "@playwright/test";
import { Commune } from "./commune";

let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start({ server: false }); });
test.afterEach(async () => commune.stop());

const NAME = "nguyen thi hoa";

/** The first of that name who lives somewhere, found among the results. */
function firstFound(page: Page) {
  return page.getByRole("option").filter({ hasText: /Nguyễn Thị Ho[aàà]/ }).first();
}

/** Presses the key of a screen as its entry says it. */
async function goByKey(page: Page, screen: string): Promise<void> {
  const keys = await page.getByRole("navigation").getByRole("button", { name: screen }).getAttribute("title");
  await page.keyboard.press((keys ?? "").replace(" ", "+"));
}

async function sendByKey(page: Page): Promise<void> {
  await goByKey(page, "Hàng đợi");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hàng đợi");
  await page.keyboard.press("g");
  await expect(page.getByText(/Đồng bộ xong/)).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("Không có gì chờ gửi");
}

test("by keyboard alone", async ({ browser }) => {
  const officer = await browser.newPage();
  await commune.open(officer, "officer");
  await officer.keyboard.press("/");
  await officer.keyboard.type(NAME);
  await expect(firstFound(officer)).toBeVisible();
  await officer.keyboard.press("Enter");
  await expect(officer.getByRole("heading", { level: 1 })).toContainText("Nguyễn Thị");
  await officer.keyboard.press("Enter");
  await expect(officer.getByRole("region", { name: "Lượt đến nhà" })).toBeVisible();
  await officer.keyboard.press("1");
  await officer.keyboard.press("a");
  await officer.keyboard.press("m");
  const phone = officer.getByRole("row").filter({ hasText: "Số điện thoại" });
  const rows = await officer.getByRole("row").count();
  for (let step = 0; step < rows && (await phone.getAttribute("aria-current")) !== "true"; step += 1) await officer.keyboard.press("ArrowDown");
  await expect(phone).toHaveAttribute("aria-current", "true");
  await officer.keyboard.press("s");
  await officer.getByRole("dialog").waitFor();
  await officer.keyboard.press("Tab");
  await expect(officer.getByRole("textbox", { name: "Người dân khai" })).toBeFocused();
  await officer.keyboard.type("0912345678");
  await officer.keyboard.press("Enter");
  await officer.keyboard.press("3");
  await officer.keyboard.press("Control+Enter");
  await expect(officer.getByRole("dialog")).toBeHidden();
  await officer.keyboard.press("Control+Enter");
  await expect(officer.getByText(/Đã ghi lượt đến/)).toBeVisible();
  await expect(officer.getByRole("contentinfo")).toContainText(/chưa đóng lô|chờ gửi/);

  await commune.startServer();
  await sendByKey(officer);

  const supervisor = await browser.newPage();
  await commune.open(supervisor, "supervisor");
  await sendByKey(supervisor);
  await goByKey(supervisor, "Duyệt");
  await expect(supervisor.getByText("0912345678").first()).toBeVisible();
  await expect(supervisor.getByRole("main").getByRole("button", { name: "Duyệt", exact: true })).toBeVisible();
  await supervisor.keyboard.press("d");
  await expect(supervisor.getByText("Không còn đề nghị nào chờ", { exact: false }).first()).toBeVisible();
  await sendByKey(supervisor);

  await sendByKey(officer);
  await goByKey(officer, "Đề nghị của tôi");
  await expect(officer.getByRole("main").getByText("đã duyệt").first()).toBeVisible();
});

test("by mouse", async ({ browser }) => {
  const officer = await browser.newPage();
  await commune.open(officer, "officer");
  await officer.getByRole("combobox").click();
  await officer.getByRole("combobox").pressSequentially(NAME);
  await firstFound(officer).click();
  await officer.getByRole("button", { name: /Bắt đầu lượt đến/ }).click();
  const visit = officer.getByRole("region", { name: "Lượt đến nhà" });
  await visit.getByText("Đã gặp", { exact: true }).first().click();
  await visit.getByRole("button", { name: /Gặp tất cả/ }).click();
  await officer.getByText(/mục không có gì phải làm/).click();
  await officer.getByRole("row").filter({ hasText: "Số điện thoại" }).dblclick();
  const panel = officer.getByRole("dialog");
  await panel.getByRole("textbox", { name: "Người dân khai" }).fill("0912345679");
  await panel.getByText("Lời khai đúng").click();
  await panel.getByRole("button", { name: /Ghi vào lượt đến/ }).click();
  await officer.getByRole("button", { name: /Kết thúc lượt đến/ }).click();
  await expect(officer.getByText(/Đã ghi lượt đến/)).toBeVisible();

  const send = async (page: Page) => {
    await page.getByRole("navigation").getByRole("button", { name: "Hàng đợi" }).click();
    await page.getByRole("button", { name: /Gửi ngay/ }).click();
    await expect(page.getByText(/Đồng bộ xong/)).toBeVisible();
    await expect(page.getByRole("contentinfo")).toContainText("Không có gì chờ gửi");
  };
  await commune.startServer();
  await send(officer);
  const supervisor = await browser.newPage();
  await commune.open(supervisor, "supervisor");
  await send(supervisor);
  await supervisor.getByRole("navigation").getByRole("button", { name: "Duyệt" }).click();
  await expect(supervisor.getByText("0912345679").first()).toBeVisible();
  await supervisor.getByRole("main").getByRole("button", { name: /^Duyệt/ }).last().click();
  await expect(supervisor.getByText("Không còn đề nghị nào chờ", { exact: false }).first()).toBeVisible();
  await send(supervisor);
  await send(officer);
  await officer.getByRole("navigation").getByRole("button", { name: "Đề nghị của tôi" }).click();
  await expect(officer.getByRole("main").getByText("đã duyệt").first()).toBeVisible();
});
