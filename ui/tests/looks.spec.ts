/**
 * How the screens that hold nobody's data look, held against pictures in `tests/looks`. Renewed, after a look at each
 * changed one, by `npx playwright test looks --update-snapshots`. Taken with the bundled letters, so that they hold on
 * every machine with the same Chromium; moments, paths and ids are covered.
 */
import { expect, test, type Locator, type Page } from "@playwright/test";
import { Commune } from "./commune";

let commune: Commune;
test.beforeAll(async () => { commune = await Commune.start({ server: false }); });
test.afterAll(async () => commune.stop());

for (const scheme of ["light", "dark"] as const) {
  const open = async (page: Page, who: "officer" | "supervisor") => {
    await page.emulateMedia({ colorScheme: scheme });
    await commune.open(page, who);
    await expect(page.locator("html")).toHaveAttribute("data-theme", scheme);
    await expect(page.getByRole("contentinfo")).toContainText("Ngoại tuyến từ");
  };
  const expectLook = async (of: Page | Locator, name: string, mask: Locator[] = []) => {
    await expect(of as Locator).toHaveScreenshot(`${name}-${scheme}.png`, { mask, maskColor: "#888" });
  };

  test(`before it is opened, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(await commune.url("newcomer"));
    await page.getByLabel("Mã ghi danh").fill("ABCDE");
    await expectLook(page, "enrol", [page.getByText(/^Bản \d/)]);
  });

  test(`keys and forms, ${scheme}`, async ({ page }) => {
    await open(page, "officer");
    const dialog = page.getByRole("dialog");
    await expect(page.getByRole("button", { name: "Mở hộ" })).toBeVisible();
    await page.keyboard.press("?");
    await expectLook(dialog, "keys");
    await page.keyboard.press("Escape");
    await page.keyboard.press("l");
    await expectLook(dialog, "filter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("o");
    await expect(page.getByRole("button", { name: "Việc khác" })).toBeVisible();
    await page.keyboard.press("t");
    await dialog.getByRole("textbox", { name: "Họ, đệm, tên" }).fill("Nguyễn Thị Hòa");
    await expectLook(dialog, "add-person");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    await dialog.getByText("Lý do khác").click();
    await page.keyboard.press("Control+Enter");
    await expect(dialog.getByRole("alert")).toBeVisible();
    await expectLook(dialog, "photo-refused", [dialog.locator(".sub")]);
  });

  test(`empty and set, ${scheme}`, async ({ page }) => {
    await open(page, "officer");
    await page.keyboard.press("Alt+2");
    await expect(page.getByText("Bạn chưa đề nghị chỉnh sửa gì")).toBeVisible();
    await expectLook(page.getByRole("main"), "none-of-ones-own");
    await page.keyboard.press("Alt+4");
    await expectLook(page.locator("section").filter({ hasText: "Hiển thị" }), "display");
    await expectLook(page.locator("section").filter({ hasText: "Tự khóa" }), "locking");
    await open(page, "supervisor");
    await page.keyboard.press("Alt+2");
    await expect(page.getByText("Không còn đề nghị nào chờ").first()).toBeVisible();
    await expectLook(page.getByRole("main"), "nothing-to-review");
  });
}
