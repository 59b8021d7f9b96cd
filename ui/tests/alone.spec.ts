/** A day by keyboard alone, in one go: enrol, lock, unlock, find, visit, a correction with its photo, send, review, lock. No mouse, and nothing that a key does not reach. */
import { readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { Commune } from "./commune";

const CHOSEN = "bon muoi ngoi nha do";
let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start(); });
test.afterEach(async () => commune.stop());

/** Goes on with Tab until a box of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("dialog").getByLabel(name, { exact: true });
  for (let step = 0; step < 20; step += 1) {
    if (await wanted.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(wanted).toBeFocused();
}

test("from the paper to the lock without a mouse", async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto(await commune.url("newcomer"));
  const paper = JSON.parse(readFileSync(commune.path("newcomer.json"), "utf8")) as { server: string; fingerprint: string; code: string };
  await page.locator("input:focus").waitFor();
  await page.keyboard.type(paper.server);
  await page.keyboard.press("Tab");
  await page.keyboard.type(paper.fingerprint);
  await page.keyboard.press("Tab");
  await page.keyboard.type(paper.code);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Có đúng là máy chủ này không?" }).waitFor();
  await page.keyboard.press("g");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type(CHOSEN);
  await page.keyboard.press("Tab");
  await page.keyboard.type(CHOSEN);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation")).toContainText("Hôm nay", { timeout: 60_000 });

  await page.keyboard.press("Control+l");
  await page.locator("input:focus").waitFor();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mở khóa");
  await page.keyboard.type(CHOSEN);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation")).toContainText("Hôm nay");

  await page.keyboard.press("/");
  await page.keyboard.type("nguyen thi hoa");
  await page.getByRole("option").filter({ hasText: "Nguyễn Thị Ho" }).first().waitFor();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Bắt đầu lượt đến" })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.press("1");
  await page.keyboard.press("a");
  await page.keyboard.press("s");
  const panel = page.getByRole("dialog");
  await expect(panel.getByLabel("Giấy tờ ghi")).toBeFocused();
  await page.keyboard.type("070190012345");
  await tabTo(page, "Loại giấy tờ");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Alt+a");
  await expect(panel.getByText("Lý do chụp")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  // What was typed is there again, and so is the paper.
  await page.keyboard.press("s");
  await expect(panel.getByLabel("Giấy tờ ghi")).toHaveValue("070190012345");
  await expect(panel.getByLabel("Loại giấy tờ")).toHaveValue("id_card");
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Alt+a");
  await expect(panel.getByRole("button", { name: "Chọn ảnh…" })).toBeVisible();
  await page.keyboard.press("Alt+c");
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(320, 200);
    canvas.getContext("2d")?.fillRect(20, 20, 200, 60);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer())];
  });
  await (await chooser).setFiles({ name: "the.jpg", mimeType: "image/jpeg", buffer: Buffer.from(bytes) });
  await expect(panel.getByText("the.jpg")).toBeVisible();
  await page.keyboard.press("5");
  await page.keyboard.press("Alt+s");
  await expect(panel.getByRole("button", { name: "Xem ảnh" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(panel).toHaveCount(0);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Đã ghi lượt đến/)).toBeVisible();

  await page.keyboard.press("Alt+3");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hàng đợi");
  await page.keyboard.press("g");
  await expect(page.getByRole("contentinfo")).toContainText("Không có gì chờ gửi");

  const supervisor = await browser.newPage();
  await commune.open(supervisor, "supervisor");
  await supervisor.keyboard.press("Alt+5");
  await expect(supervisor.getByRole("heading", { level: 1 })).toHaveText("Hàng đợi");
  await supervisor.keyboard.press("g");
  await expect(supervisor.getByText(/Đồng bộ xong/)).toBeVisible();
  await supervisor.keyboard.press("Alt+2");
  await expect(supervisor.getByText("070190012345").first()).toBeVisible();
  await expect(supervisor.getByRole("img", { name: /Thẻ căn cước/ })).toBeVisible();
  await expect(supervisor.getByRole("button", { name: "Duyệt lần một" })).toBeVisible();
  await supervisor.keyboard.press("d");
  await expect(supervisor.getByText(/Đã duyệt/).first()).toBeVisible();
  await supervisor.keyboard.press("Control+l");
  await expect(supervisor.getByRole("heading", { level: 1 })).toHaveText("Mở khóa");
});
